package dev.hark.internal.engine.model;

import dev.hark.QueueSettings;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One queue, as plainly as it can be said: lists and maps, and a loop for each transition. Messages move only by
 * {@link #move}. Its clock counts minutes. Ids of entries that a store has made since are null until they are seen.
 */
final class Model {

    static final long MINUTE = 60_000;
    static final long LEASE = 2;
    static final long SENDER_TTL = 24 * 60;
    static final int TRIM_AT = 128;
    static final int LARGE = 1_024;

    /** Short sequences do not get there, nor to the bound in bytes, which the model leaves out. */
    static final int MOST_DROPPED = 1_000;

    /** An entry of a stream. */
    static final class Entry {
        @Nullable
        String id;

        final Message message;

        Entry(@Nullable String id, Message message) {
            this.id = id;
            this.message = message;
        }
    }

    /** An entry in the hands of a session. */
    record Held(String session, Message message, long since) {}

    /** A message that is due later. */
    record Later(String member, long due, Message message, boolean deleted) {}

    /** The last batch of a sender, and what it was answered first. */
    record Sender(Batch batch, PublishReply answer, long expires) {}

    /** What is answered to a batch of outcomes. */
    record Answer(long sequence, int refused, List<String> entries, boolean repeated) {}

    /** What a look over the queue finds. */
    record Look(boolean alive, Set<String> lapsed, List<String> held, boolean groupMissing) {}

    /** Whether settled entries stay in the stream for a while, which other hands can see and lose. */
    final boolean redis;

    long now;
    boolean exists;

    /** Whether anything was published to it, or it was opened: in memory there is no queue before. */
    boolean used;

    boolean group;
    String delivered = EntryIds.NONE;
    String last = EntryIds.NONE;

    @Nullable
    String floor;

    final List<Entry> stream = new ArrayList<>();
    final Map<String, Held> pending = new TreeMap<>(EntryIds.ORDER);
    final Set<String> consumers = new TreeSet<>();
    List<Later> later = new ArrayList<>();
    final List<Entry> dead = new ArrayList<>();
    final Map<String, Long> sessions = new TreeMap<>();
    final Map<String, Answer> answers = new TreeMap<>();
    final Map<String, Long> stats = new TreeMap<>();
    final Map<String, Sender> senders = new TreeMap<>();
    final Map<String, String> config = new TreeMap<>();
    QueueSettings settings = QueueSettings.NONE;

    /** How many entries have been trimmed while others were settled. */
    long trimmed;

    /** How often each was made. */
    final Map<Move, Integer> moves = new EnumMap<>(Move.class);

    /** Messages of other programs that do not count as published yet, or never will. */
    long strangers;

    /** What settle.lua may trim: whole nodes of what is below this, however large they are. */
    @Nullable
    String trimmable;

    /** How many of those that are due first have been dropped: which, shows only in the store if they are due together. */
    int dropLater;

    /** How many copies were dropped while there was no group, which are counted when there is one again. */
    long droppedCopies;

    /** Whether other hands have done what loses messages, or the figures of them. */
    boolean meddled;

    final Publishing publishing = new Publishing(this);
    final Configuring configuring = new Configuring(this);
    final Listening listening = new Listening(this);
    final Settling settling = new Settling(this);
    final DeadLetters deadLetters = new DeadLetters(this);
    final OtherHands otherHands = new OtherHands(this);

    Model(boolean redis) {
        this.redis = redis;
    }

    void move(Message message, Move move, @Nullable String session, String what) {
        if (message.place != move.from) {
            throw new AssertionError(move + " of a message that is " + message.place.word() + ": " + message.body);
        }
        boolean adopts = message.foreign
                && (move.to == Place.DEAD || !message.malformed)
                && (move.counters().contains("listed") && move != Move.FINISH);
        moves.merge(move, 1, Integer::sum);
        message.place = move.to;
        if (!message.unknown && (!message.malformed || move.to == Place.DEAD)) { // else its entry stays as it is
            message.attempts = move.attempts.of(message.attempts);
            message.recoveries = move.recoveries.of(message.recoveries);
            if (move.noted()) {
                message.note(
                        move == Move.LOSE ? message.attempts + 1 : message.attempts, String.valueOf(session), what);
            }
        }
        move.counters().forEach(counter -> count(counter, 1));
        if (adopts) {
            adopt();
        }
    }

    void move(Message message, Move move) {
        move(message, move, null, "");
    }

    void adopt() {
        count("published", 1);
        strangers--;
    }

    void count(String counter, long by) {
        stats.merge(counter, by, Long::sum);
    }

    long counted(String counter) {
        return stats.getOrDefault(counter, 0L);
    }

    void add(Message message) {
        message.handedOver();
        stream.add(new Entry(null, message));
        exists = true;
    }

    /** Under its id, or with something unique after it. */
    void hold(Message message, long due, String unique) {
        message.handedOver();
        String free = holds(message.id) ? message.id + "~" + unique : message.id;
        later.removeIf(one -> one.deleted() && one.member().equals(free));
        later.add(new Later(free, due, message, false));
        later.sort((a, b) -> Long.compare(a.due(), b.due()));
    }

    boolean holds(String member) {
        return redis
                && later.stream().anyMatch(one -> !one.deleted() && one.member().equals(member));
    }

    /** Entries that can be claimed. */
    List<Entry> claimable() {
        return stream.stream()
                .filter(entry -> entry.id != null && EntryIds.below(delivered, entry.id))
                .toList();
    }

    /** The entry stays as it is for a while, whatever becomes of its message. */
    void settled(String id, Message message) {
        Message before = message.copy();
        stream.replaceAll(entry -> id.equals(entry.id) ? new Entry(id, before) : entry);
        if (!redis) {
            stream.removeIf(entry -> id.equals(entry.id));
        }
    }

    /** What is large does not wait until it is trimmed. */
    void unlist(String id) {
        count("listed", -1);
        stream.removeIf(entry -> id.equals(entry.id));
    }

    boolean inStream(String id) {
        return stream.stream().anyMatch(entry -> id.equals(entry.id));
    }

    /** Every entry below it has been handed out and settled. */
    String settledFloor() {
        return pending.isEmpty()
                ? EntryIds.successor(delivered)
                : pending.keySet().iterator().next();
    }

    long dropBelow(String id) {
        long before = stream.size();
        stream.removeIf(entry -> entry.id != null && EntryIds.below(entry.id, id));
        return before - stream.size();
    }

    /** How many entries do not wait, however wrong the counter of settled ones is. */
    long handedOut() {
        if (!redis) {
            return stream.size() - waiting();
        }
        long notHeld = (long) stream.size() - pending.size();
        return pending.size() + Math.clamp(counted("listed"), 0L, Math.max(0L, notHeld));
    }

    long waiting() {
        return redis
                ? stream.size() - pending.size() - counted("listed")
                : claimable().size();
    }

    /** What is wrong with the figures, as long as nobody has meddled with them; empty if nothing is. */
    String imbalance() {
        long in = counted("published") + counted("copies") + strangers;
        long out = counted("done")
                + waiting()
                + later.size()
                + pending.size()
                + dead.size()
                + counted("deleted")
                + counted("dropped");
        if (meddled || (in == out && (!group || waiting() == claimable().size()))) {
            return "";
        }
        return in + " messages came in, " + out + " are somewhere, " + waiting() + " waiting of "
                + claimable().size();
    }

    /** Whether a lost group has made copies. */
    boolean copied() {
        return counted("copies") > 0;
    }
}
