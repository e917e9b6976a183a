package dev.hark.error;

import dev.hark.Hark;
import dev.hark.Listener;
import org.jspecify.annotations.Nullable;

/** The {@link Hark} or {@link Listener} was closed before the call. Nothing was sent to Redis. */
public final class ClosedException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public ClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public ClosedException(String message) {
        this(message, null);
    }
}
