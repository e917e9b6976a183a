package dev.hark.error;

import org.jspecify.annotations.Nullable;

/** The message is certainly not in Redis: publishing it again makes no duplicate. */
public final class NotPublishedException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, to which queue and id, and what happens next
     * @param cause what led to it, or null
     */
    public NotPublishedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message what happened, to which queue and id, and what happens next
     */
    public NotPublishedException(String message) {
        this(message, null);
    }
}
