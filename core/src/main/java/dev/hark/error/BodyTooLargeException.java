package dev.hark.error;

import dev.hark.HarkBuilder;
import org.jspecify.annotations.Nullable;

/** A message's body exceeds the limit ({@link HarkBuilder#maxBody}). Nothing was sent to Redis. */
public final class BodyTooLargeException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public BodyTooLargeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public BodyTooLargeException(String message) {
        this(message, null);
    }
}
