package dev.hark.error;

import org.jspecify.annotations.Nullable;

/**
 * The queue holds as many messages as it may, and the message is certainly not in Redis: publishing it again makes no
 * duplicate.
 */
public final class QueueFullException extends HarkException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which queue is full, and what happens next
     * @param cause what led to it, or null
     */
    public QueueFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates the exception without a cause.
     *
     * @param message which queue is full, and what happens next
     */
    public QueueFullException(String message) {
        this(message, null);
    }
}
