package dev.hark;

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
     */
    public QueueFullException(String message) {
        super(message, null);
    }
}
