package dev.hark.error;

import org.jspecify.annotations.Nullable;

/**
 * It is unknown whether the message is in Redis: the connection was lost and did not come back in time. Publishing it
 * again may make a duplicate.
 */
public final class PublishUnknownException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public PublishUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public PublishUnknownException(String message) {
        this(message, null);
    }
}
