package dev.hark;

import java.util.Objects;

/**
 * Settings of a queue, kept in Redis, so that all who publish to it go by the same; immutable, each method returns a
 * copy.
 *
 * @param maxLength how many messages may wait, those that are due later included; 0 for as many as there is memory for.
 *     Messages in flight and dead letters do not count, and a retry always finds room
 * @param overflow what publishing does when the queue is full
 * @param durability how safe a published message should be; {@link Publish#durability} wins over it
 * @param strict whether publishing fails with {@link NotDurableException} when that is not reached
 */
public record QueueSettings(long maxLength, Overflow overflow, Durability durability, boolean strict) {

    /** As many messages as there is memory for, and in memory only. */
    public static final QueueSettings NONE = new QueueSettings(0, Overflow.REJECT, Durability.MEMORY, false);

    private static final long MOST = 1_000_000_000_000L;

    /** Checks the values. */
    public QueueSettings {
        if (maxLength < 0 || maxLength > MOST) {
            throw new InvalidInputException(
                    "maxLength " + maxLength + " is not allowed: it must be between 0 (unbounded) and " + MOST);
        }
        Objects.requireNonNull(overflow);
        Objects.requireNonNull(durability);
    }

    /** Bounds how many messages may wait; 0 for no bound. */
    public QueueSettings maxLength(long maxLength) {
        return new QueueSettings(maxLength, overflow, durability, strict);
    }

    /** Says what publishing does when the queue is full; {@link Overflow#REJECT} unless set. */
    public QueueSettings overflow(Overflow overflow) {
        return new QueueSettings(maxLength, overflow, durability, strict);
    }

    /** Says how safe a published message should be; {@link Durability#MEMORY} unless set. */
    public QueueSettings durability(Durability durability) {
        return new QueueSettings(maxLength, overflow, durability, strict);
    }

    /**
     * Says whether publishing fails with {@link NotDurableException} when its durability is not reached; otherwise the
     * receipt says what was reached.
     */
    public QueueSettings strict(boolean strict) {
        return new QueueSettings(maxLength, overflow, durability, strict);
    }
}
