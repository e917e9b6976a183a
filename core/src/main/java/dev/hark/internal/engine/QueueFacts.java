package dev.hark.internal.engine;

import dev.hark.Durability;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a queue. Where a key is of the wrong type, what it should say is 0 or empty.
 *
 * @param server which server holds it, as {@link ServerFacts#server} says it
 * @param durability what is asked for each message that is published to it
 * @param wrongKeys keys of the wrong type
 * @param fullKeys keys to which nothing can be added, since somebody has used one of their last ids
 * @param unreadable counters that hold no number
 * @param groupLost whether the queue had a consumer group and has none now
 * @param waiting messages not yet handed out
 * @param active messages handed out and not settled
 * @param later messages that are due later
 * @param held how many of these have something in store for them
 * @param listeners sessions with a lease
 * @param lapsed sessions without one, for longer than {@link #GRACE}
 * @param nobodys consumers without a session that have held messages for longer than {@link #GRACE}
 * @param oldestWaiting for how long the oldest has waited, or null if none waits
 * @param overdue for how long the first of those due later has been due, or null if none is
 * @param sinceAsked how long ago one of those who listen last asked for messages, or null if nobody listens
 * @param settled what is settled and still takes memory
 * @param sum what became of all messages, or null if that cannot be looked at now
 */
public record QueueFacts(
        String queue,
        String server,
        Durability durability,
        List<WrongKey> wrongKeys,
        List<String> fullKeys,
        List<String> unreadable,
        boolean groupLost,
        long waiting,
        long active,
        long later,
        long held,
        long listeners,
        Holders lapsed,
        Holders nobodys,
        @Nullable Duration oldestWaiting,
        @Nullable Duration overdue,
        @Nullable Duration sinceAsked,
        Settled settled,
        @Nullable Sum sum) {

    /** After a stall of Redis every lease seems to have lapsed, until the next heartbeat. */
    public static final Duration GRACE = Duration.ofSeconds(30);

    /** A key that somebody else uses. */
    public record WrongKey(String key, String holds, String wanted) {}

    /**
     * Sessions or consumers.
     *
     * @param count how many there are
     * @param messages how many messages those hold that are named
     * @param names of the first hundred
     */
    public record Holders(long count, long messages, List<String> names) {

        /** None. */
        public static final Holders NONE = new Holders(0, 0, List.of());
    }

    /**
     * What is settled and kept, until all before it is.
     *
     * @param entries how many
     * @param bytes about how much memory they take; 0 if nobody may ask
     * @param holder who holds the first that is not settled, or null if nobody does
     * @param since for how long
     */
    public record Settled(
            long entries,
            long bytes,
            @Nullable String holder,
            @Nullable Duration since) {

        /** Nothing. */
        public static final Settled NONE = new Settled(0, 0, null, null);
    }

    /**
     * All that came in against all that is somewhere.
     *
     * @param missing how many messages are nowhere; below zero, how many are there that never came in
     * @param reach how far it could be looked
     */
    public record Sum(long missing, Reach reach) {

        /** As it should be. */
        public static final Sum EVEN = new Sum(0, Reach.ALL);
    }

    /** How much of a queue was looked through, since that is bounded. */
    public enum Reach {
        /** Not even what was handed out, or copies that a lost group has made may explain it: the figure says nothing. */
        LITTLE,
        /** What was handed out: at least so many are missing. */
        HANDED_OUT,
        /** Everything. */
        ALL
    }
}
