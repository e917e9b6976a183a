package dev.hark.internal.engine;

import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.message.Envelope;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where messages are claimed and settled, and where sessions live. See {@link Store} for what holds for all of it. */
public interface ListenStore {

    /** Makes the queue and its group if they are missing, and registers a session with a lease. */
    Opened open(Address queue, String session, Duration lease);

    /** A sweep that names so many lapsed sessions may not have named all. */
    int MOST_LAPSED = 100;

    /** Registers a session with several queues, best those of one {@link #node}; an answer each, in their order. */
    default List<Answer<Opened>> open(List<Address> queues, String session, Duration lease) {
        return Answer.each(queues, queue -> open(queue, session, lease));
    }

    /** Splits queues into groups that can be claimed together: not all need live in one place. */
    List<List<Address>> groups(List<Address> queues);

    /**
     * Names the place where a queue lives, as far as is known now: what befalls it befalls all queues there. Asked of the
     * first queue of a group; it may be another one later.
     */
    default String node(Address queue) {
        return "";
    }

    /** A claiming connection of its own over some queues of one group, each of which is asked first in turn. */
    ClaimSource claims(List<Address> queues);

    /** Applies a numbered batch of outcomes, each only if its entry is still held by the session. */
    SettleReply settle(SettleBatch batch);

    /** Extends the session's lease, if the session still exists, and looks the queue over. */
    Sweep sweep(Address queue, String session, Duration lease, String cursor);

    /** Sweeps several queues, best those of one {@link #node}; an answer each, in their order. */
    default List<Answer<Sweep>> sweep(List<Beat> beats, Duration lease) {
        return Answer.each(beats, beat -> sweep(beat.queue(), beat.session(), lease, beat.cursor()));
    }

    /** Hands over what a session holds, as new attempts, in bounded steps; ends the session when nothing is left. */
    Takeover takeOver(Address queue, String session, TakeoverMode mode);

    /** Takes a step with several sessions, best in queues of one {@link #node}; an answer each, in their order. */
    default List<Answer<Takeover>> takeOver(List<Seat> seats, TakeoverMode mode) {
        return Answer.each(seats, seat -> takeOver(seat.queue(), seat.session(), mode));
    }

    /** Moves a bounded number of due messages to where they are claimed. */
    Promotion promote(Address queue);

    /** Promotes in several queues, best those of one {@link #node}; an answer each, in their order. */
    default List<Answer<Promotion>> promote(List<Address> queues) {
        return Answer.each(queues, this::promote);
    }

    /** Hears each {@link Hint} about some queues. */
    ChannelSource<Address> hints(List<Address> queues);

    /** What opening a queue found. */
    record Opened(boolean groupRestored, long handedOutAgain) {}

    /** Claims messages over a connection of its own. Used by one thread, but for {@link #wake} and {@link #close}. */
    interface ClaimSource extends AutoCloseable {

        /**
         * Claims up to {@code max} messages.
         *
         * @param wait how long to wait where there is none; over several queues nobody waits here, but in {@link #await}
         */
        List<Claimed> claim(String session, int max, Duration wait);

        /**
         * Waits, claiming nothing, until there may be a message. Of several who wait one is told of each message; who is
         * told claims next, or passes it on.
         *
         * @return whether it was told of one, before the time was over
         */
        boolean await(Duration wait);

        /** Tells somebody else who waits of the messages that this one was told of and cannot claim now. */
        void passOn();

        /** Ends a wait early, if one is under way. */
        void wake();

        @Override
        void close();
    }

    /**
     * One entry handed to a session. The entry is the token: an outcome counts only while the session holds it.
     *
     * @param bytes how large the entry is, whatever it holds
     */
    record Claimed(Address queue, String session, String entry, Content content, int bytes) {}

    /** What an entry holds. */
    sealed interface Content {
        /** A message. */
        record Legible(Envelope envelope) implements Content {}

        /** Not a message that this version can read; it knows only why. */
        record Illegible(String reason) implements Content {}

        /** A message of a newer version, to be left to a newer listener. */
        record Unknown(String version) implements Content {}
    }

    /** A numbered batch of outcomes of one session. */
    record SettleBatch(Address queue, String session, long sequence, List<Settlement> settlements) {}

    /**
     * What became of a batch of outcomes.
     *
     * @param refused how many were refused
     * @param refusedEntries which, as far as the store can tell
     * @param repeated whether the batch had been applied before
     */
    record SettleReply(int refused, List<String> refusedEntries, boolean repeated, NextDue nextDue) {}

    /** A heartbeat to be sent for a session in a queue; the cursor is what the last sweep answered. */
    record Beat(Address queue, String session, String cursor) {}

    /** A session in a queue. */
    record Seat(Address queue, String session) {}

    /**
     * What a look over a queue found.
     *
     * @param alive whether the session still exists, and so has a fresh lease
     * @param lapsed sessions without a lease that hold messages or a place
     * @param held entries that the session has held for longer than a lease, after the cursor
     * @param cursor where the next look goes on
     * @param newerLayout says so, if a newer program has raised the queue to a layout that this one does not know; all
     *     that the session may do then is settle and end, and of the rest nothing is told
     */
    record Sweep(
            boolean alive,
            List<String> lapsed,
            List<String> held,
            String cursor,
            NextDue nextDue,
            boolean groupMissing,
            @Nullable String newerLayout) {

        /** Of a layout that is known. */
        public Sweep(
                boolean alive,
                List<String> lapsed,
                List<String> held,
                String cursor,
                NextDue nextDue,
                boolean groupMissing) {
            this(alive, lapsed, held, cursor, nextDue, groupMissing, null);
        }
    }

    /** Whose messages are taken over. */
    enum TakeoverMode {
        /** Only if its lease has lapsed. */
        LAPSED,
        /** The caller's own session, which ends. */
        CLOSED
    }

    /** One step of a takeover. */
    record Takeover(int moved, boolean more) {}

    /** One step of a promotion. */
    record Promotion(int moved, NextDue nextDue) {}
}
