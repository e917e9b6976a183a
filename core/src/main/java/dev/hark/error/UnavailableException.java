package dev.hark.error;

import org.jspecify.annotations.Nullable;

/**
 * Redis cannot be reached, refuses the login, or cannot serve now. What was asked is not done; only where the message
 * says that the connection broke before the reply, it may be.
 */
public final class UnavailableException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public UnavailableException(String message) {
        this(message, null);
    }
}
