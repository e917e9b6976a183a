package dev.hark;

import java.util.Objects;

/**
 * Settings of a queue, kept in Redis, so that all who publish to it go by the same; immutable, each method returns a
 * copy.
 *
 * @param maxLength how many messages may wait, those that are due later included; 0 for as many as there is memory for.
 *     Messages in flight and dead letters do not count, and a retry always finds room
 * @param overflow what publishing does when the queue is full
 */
public record QueueSettings(long maxLength, Overflow overflow) {

    /** As many messages as there is memory for. */
    public static final QueueSettings NONE = new QueueSettings(0, Overflow.REJECT);

    private static final long MOST = 1_000_000_000_000L;

    /** Checks the values. */
    public QueueSettings {
        if (maxLength < 0 || maxLength > MOST) {
            throw new InvalidInputException(
                    "maxLength " + maxLength + " is not allowed: it must be between 0 (unbounded) and " + MOST);
        }
        Objects.requireNonNull(overflow);
    }

    /** Bounds how many messages may wait; 0 for no bound. */
    public QueueSettings maxLength(long maxLength) {
        return new QueueSettings(maxLength, overflow);
    }

    /** Says what publishing does when the queue is full; {@link Overflow#REJECT} unless set. */
    public QueueSettings overflow(Overflow overflow) {
        return new QueueSettings(maxLength, overflow);
    }
}
