package dev.hark.internal.engine;

import dev.hark.Durability;
import dev.hark.QueueInfo;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.message.Envelope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where messages are kept: the one seam between the engine and Redis. Each method is one atomic transition of one queue
 * and may block on the network; each is harmless when repeated. All of them throw {@link StoreException}, whose kind
 * says whether the transition happened.
 *
 * <p>Times are the store's own: callers pass and get lengths of time, never points in time of their own clock, but for
 * the due time of {@link Publication#due}.
 */
public interface Store extends AutoCloseable {

    // ---- publishing

    /** How long a batch that is accepted may take to become as durable as is wanted. */
    Duration DURABLE_WITHIN = Duration.ofSeconds(3);

    /**
     * Takes the next numbered batch of a sender, or says why not. Then waits, for a bounded time, until the batch is as
     * durable as its settings want, and says what was reached; a repeated batch is waited for as the first time.
     *
     * @param meanwhile run once the batch is under way, before its reply is awaited; not at all if it could not be sent
     */
    PublishReply publish(Batch batch, Runnable meanwhile);

    /** Takes the next numbered batch of a sender, or says why not. */
    default PublishReply publish(Batch batch) {
        return publish(batch, () -> {});
    }

    /** The settings of a queue; {@link QueueSettings#NONE} unless somebody has set some. */
    QueueSettings settings(String queue);

    /**
     * Sets settings of a queue. An operator's are those that he names, and nobody else changes them from then on; a
     * program's are all others, named or not. Says a {@link Hint} if that changes anything.
     */
    Configured configure(String queue, QueueSettings settings, Owner owner);

    /** Forgets a sender that will publish no more. */
    void retire(String queue, String sender);

    // ---- listening

    /** Makes the queue and its group if they are missing, and registers a session with a lease. */
    Opened open(String queue, String session, Duration lease);

    /** A sweep that names so many lapsed sessions may not have named all. */
    int MOST_LAPSED = 100;

    /** Registers a session with several queues, best those of one {@link #node}; an answer each, in their order. */
    default List<Answer<Opened>> open(List<String> queues, String session, Duration lease) {
        return Answer.each(queues, queue -> open(queue, session, lease));
    }

    /** Splits queues into groups that can be claimed together: not all need live in one place. */
    List<List<String>> groups(List<String> queues);

    /**
     * Names the place where a queue lives, as far as is known now: what befalls it befalls all queues there. Asked of the
     * first queue of a group; it may be another one later.
     */
    default String node(String queue) {
        return "";
    }

    /** A claiming connection of its own over some queues of one group, each of which is asked first in turn. */
    ClaimSource claims(List<String> queues);

    /** Applies a numbered batch of outcomes, each only if its entry is still held by the session. */
    SettleReply settle(SettleBatch batch);

    /** Extends the session's lease, if the session still exists, and looks the queue over. */
    Sweep sweep(String queue, String session, Duration lease, String cursor);

    /** Sweeps several queues, best those of one {@link #node}; an answer each, in their order. */
    default List<Answer<Sweep>> sweep(List<Beat> beats, Duration lease) {
        return Answer.each(beats, beat -> sweep(beat.queue(), beat.session(), lease, beat.cursor()));
    }

    /** Hands over what a session holds, as new attempts, in bounded steps; ends the session when nothing is left. */
    Takeover takeOver(String queue, String session, TakeoverMode mode);

    /** Takes a step with several sessions, best in queues of one {@link #node}; an answer each, in their order. */
    default List<Answer<Takeover>> takeOver(List<Seat> seats, TakeoverMode mode) {
        return Answer.each(seats, seat -> takeOver(seat.queue(), seat.session(), mode));
    }

    /** Moves a bounded number of due messages to where they are claimed. */
    Promotion promote(String queue);

    /** Promotes in several queues, best those of one {@link #node}; an answer each, in their order. */
    default List<Answer<Promotion>> promote(List<String> queues) {
        return Answer.each(queues, this::promote);
    }

    /** Hears each {@link Hint} about some queues, with the name of the queue in place of the channel's. */
    ChannelSource hints(List<String> queues);

    // ---- looking and mending

    /** The names of all queues that a Hark has used. */
    List<String> queues();

    /** The figures of a queue; all zero for one that does not exist. */
    QueueInfo info(String queue);

    /** Dead letters after a position (or from the first, if null), oldest first. */
    List<Buried> dead(String queue, @Nullable String after, int limit);

    /** The dead letter with this message id or position, the first if several have it. */
    @Nullable
    Buried findDead(String queue, String idOrPosition);

    /** Puts dead letters back to be claimed, their attempts forgotten; says how many existed. */
    int revive(String queue, Collection<String> positions);

    /** Removes dead letters; says how many existed. */
    int discard(String queue, Collection<String> positions);

    /** What can be seen of each server that holds queues; none in memory. */
    List<ServerFacts> examine();

    /** What can be seen of a queue. Whatever is there is told: keys of the wrong type are not refused. */
    QueueFacts examine(String queue);

    /** Counts messages that are nowhere as deleted, as far as that is certain now; says how many. */
    long writeOff(String queue);

    /** Removes a queue with all that is in it. Listeners and publishers of it must have been closed. */
    void drop(String queue);

    // ---- channels

    /** Publishes to whoever listens now; says how many of them this server knows. */
    long broadcast(String channel, byte[] body);

    /** Subscribes to a channel, or to all that match a pattern; subscribed when it returns. */
    ChannelSource listen(String channelOrPattern, boolean pattern);

    @Override
    void close();

    /**
     * The next batch of a sender; sent again byte for byte until its fate is known.
     *
     * @param settings of the queue, with what is wanted for this batch in place of it
     */
    record Batch(
            String queue,
            String sender,
            long sequence,
            String nonce,
            List<Publication> messages,
            QueueSettings settings) {

        /** For a queue without settings. */
        public Batch(String queue, String sender, long sequence, String nonce, List<Publication> messages) {
            this(queue, sender, sequence, nonce, messages, QueueSettings.NONE);
        }
    }

    /** A message that was accepted: its id, and how. */
    record Placed(String id, How how) {

        /** What became of it. */
        public enum How {
            /** It may be claimed. */
            READY,
            /** It waits until it is due. */
            LATER
        }
    }

    /** What became of a batch. */
    sealed interface PublishReply {
        /**
         * It is in the store, now or since an earlier try.
         *
         * @param placed one a message
         * @param reached how durable it is: never more than is certain
         */
        record Accepted(List<Placed> placed, boolean repeated, Durability reached) implements PublishReply {

            /** In memory, which is all that is known. */
            public Accepted(List<Placed> placed, boolean repeated) {
                this(placed, repeated, Durability.MEMORY);
            }

            /** What the same batch is answered again. */
            public Accepted again() {
                return new Accepted(placed, true);
            }
        }

        /** Not written, and this number is used up: the queue is full, and has room for fewer messages. */
        record Full(int room) implements PublishReply {}

        /** Not written: the store's last sequence of this sender is another one than expected. */
        record Gap(long last) implements PublishReply {}

        /** Not written: somebody else has used this sequence. */
        record Cloned() implements PublishReply {}
    }

    /**
     * What setting settings found.
     *
     * @param before what was set before, or null if nothing was
     * @param now what is set now
     */
    record Configured(@Nullable QueueSettings before, QueueSettings now) {}

    /** Whose a setting is. */
    enum Owner {
        /** What a program's code says. */
        CODE,

        /** What somebody has set by hand, and code does not change. */
        OPERATOR
    }

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
    record Claimed(String queue, String session, String entry, Content content, int bytes) {}

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
    record SettleBatch(String queue, String session, long sequence, List<Settlement> settlements) {}

    /**
     * What became of a batch of outcomes.
     *
     * @param refused how many were refused
     * @param refusedEntries which, as far as the store can tell
     * @param repeated whether the batch had been applied before
     * @param nextDueMillis how long until the earliest due time, -1 for none, -2 if nobody has looked
     */
    record SettleReply(int refused, List<String> refusedEntries, boolean repeated, long nextDueMillis) {}

    /** A heartbeat to be sent for a session in a queue; the cursor is what the last sweep answered. */
    record Beat(String queue, String session, String cursor) {}

    /** A session in a queue. */
    record Seat(String queue, String session) {}

    /**
     * What a look over a queue found.
     *
     * @param alive whether the session still exists, and so has a fresh lease
     * @param lapsed sessions without a lease that hold messages or a place
     * @param held entries that the session has held for longer than a lease, after the cursor
     * @param cursor where the next look goes on
     * @param nextDueMillis how long until the earliest due time; 0 or less when due, -1 for none
     * @param newerLayout says so, if a newer program has raised the queue to a layout that this one does not know; all
     *     that the session may do then is settle and end, and of the rest nothing is told
     */
    record Sweep(
            boolean alive,
            List<String> lapsed,
            List<String> held,
            String cursor,
            long nextDueMillis,
            boolean groupMissing,
            @Nullable String newerLayout) {

        /** Of a layout that is known. */
        public Sweep(
                boolean alive,
                List<String> lapsed,
                List<String> held,
                String cursor,
                long nextDueMillis,
                boolean groupMissing) {
            this(alive, lapsed, held, cursor, nextDueMillis, groupMissing, null);
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

    /** One step of a promotion; the time until the next is as in {@link Sweep}. */
    record Promotion(int moved, long nextDueMillis) {}

    /** A dead letter as it is kept. */
    record Buried(String position, Envelope envelope, String reason, long diedAtMillis) {}

    /** What arrives on channels. Read by one thread; may be closed by another, which ends a wait with an exception. */
    interface ChannelSource extends AutoCloseable {

        /** No longer than this passes between two messages or signs of life; one that is silent for longer is lost. */
        Duration SILENCE = Duration.ofSeconds(10);

        /** Waits for the next message; null every few seconds as a sign of life. Throws when the connection is lost. */
        @Nullable
        Heard next();

        @Override
        void close();
    }

    /** One message of a channel. */
    record Heard(String channel, byte[] body) {}
}
