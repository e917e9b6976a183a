package dev.hark.error;

import org.jspecify.annotations.Nullable;

/** A key of Hark's layout holds another type of value in Redis, so somebody else uses it. Nothing was written. */
public final class WrongTypeException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public WrongTypeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public WrongTypeException(String message) {
        this(message, null);
    }
}
