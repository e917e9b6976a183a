package dev.hark.error;

import org.jspecify.annotations.Nullable;

/** The server is older than Redis 6.2, or is configured to evict keys, which would lose messages. */
public final class UnsafeServerException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public UnsafeServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public UnsafeServerException(String message) {
        this(message, null);
    }
}
