package dev.hark.error;

import org.jspecify.annotations.Nullable;

/** An argument that Hark refuses: a queue's name, a delay, a header. Nothing was sent to Redis. */
public final class InvalidInputException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public InvalidInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public InvalidInputException(String message) {
        this(message, null);
    }
}
