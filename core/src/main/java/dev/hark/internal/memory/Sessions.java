package dev.hark.internal.memory;

import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.NextDue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions with their leases, and the names under which something was ever claimed. Whoever uses it holds the store's
 * lock.
 */
final class Sessions {

    private static final int LAPSED_AT_ONCE = ListenStore.MOST_LAPSED;
    private static final int STRAY_AT_ONCE = 2 * ListenStore.MOST_LAPSED;

    private static final long NEVER = Long.MIN_VALUE;

    private record Settled(long sequence, SettleReply reply) {}

    private final Map<String, Long> deadlines = new HashMap<>();
    private final Map<String, Long> consumers = new LinkedHashMap<>(); // name to when it last asked
    private final Map<String, Settled> settled = new HashMap<>();

    private long seen = NEVER; // when leases were last looked at
    private long highest = NEVER; // the latest that this ever was

    /**
     * Moves all leases along where time has gone otherwise than with sweeps, of which each lease sees more than two: the clock
     * was turned, or nobody swept. Returns whether the clock has been later than it is now.
     */
    boolean moveLeases(long nowMillis, long leaseMillis) {
        long off = seen == NEVER ? 0 : nowMillis - seen;
        if (off < 0 || off > leaseMillis / 2.0) {
            deadlines.replaceAll((session, deadline) -> deadline + off);
        }
        seen = nowMillis;
        highest = Math.max(highest, nowMillis);
        return highest > nowMillis;
    }

    boolean none() {
        return deadlines.isEmpty();
    }

    void open(String session, long nowMillis, long leaseMillis) {
        deadlines.put(session, nowMillis + leaseMillis);
        consumers.put(session, nowMillis);
    }

    /** Gives a fresh lease to a session that exists; never makes one. */
    boolean extend(String session, long deadlineMillis) {
        return deadlines.computeIfPresent(session, (name, old) -> deadlineMillis) != null;
    }

    boolean alive(String session) {
        return deadlines.containsKey(session);
    }

    /** Whether it had a lease at the last look: what was turned since then is for the next one to see. */
    boolean hasLease(String session, long nowMillis) {
        return deadlines.getOrDefault(session, Long.MIN_VALUE) > (seen == NEVER ? nowMillis : seen);
    }

    void strike(String session) {
        deadlines.remove(session);
    }

    /** Whoever claims needs no session for it, but is noticed if there is none. */
    void claims(String session, long nowMillis) {
        consumers.put(session, nowMillis);
    }

    /** Forgets a session that holds nothing any more. */
    void forget(String session) {
        consumers.remove(session);
        settled.remove(session);
    }

    /** Who must be taken over from: whose lease has lapsed, and who claims without a session. */
    List<String> lapsed(long nowMillis) {
        List<String> lapsed = new ArrayList<>(deadlines.entrySet().stream()
                .filter(session -> session.getValue() <= nowMillis)
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .limit(LAPSED_AT_ONCE)
                .map(Map.Entry::getKey)
                .toList());
        consumers.keySet().stream()
                .filter(consumer -> !alive(consumer))
                .limit(STRAY_AT_ONCE - lapsed.size())
                .forEach(lapsed::add);
        return lapsed;
    }

    /** Whose lease had lapsed by then. */
    List<String> lapsedBefore(long millis) {
        return deadlines.entrySet().stream()
                .filter(session -> session.getValue() <= millis)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Where the clock was turned back, and nobody has looked since to move the leases along, nobody is known to have one. */
    long leases(long nowMillis) {
        return seen > nowMillis
                ? 0
                : deadlines.values().stream()
                        .filter(deadline -> deadline > nowMillis)
                        .count();
    }

    /** For how many milliseconds nobody who has a lease has asked for anything; -1 if nobody has one. */
    long sinceAsked(long nowMillis) {
        return consumers.entrySet().stream()
                .filter(consumer -> alive(consumer.getKey()))
                .mapToLong(consumer -> Math.max(0, nowMillis - consumer.getValue()))
                .min()
                .orElse(-1);
    }

    /** The answer that this batch had, if it is the last that the session sent; an empty one if others came after it. */
    @Nullable
    SettleReply answered(SettleBatch batch) {
        Settled last = settled.get(batch.session());
        if (last == null || batch.sequence() > last.sequence()) {
            return null;
        }
        return batch.sequence() == last.sequence()
                ? last.reply()
                : new SettleReply(0, List.of(), true, NextDue.UNKNOWN);
    }

    void answer(SettleBatch batch, SettleReply reply) {
        if (alive(batch.session())) {
            settled.put(batch.session(), new Settled(batch.sequence(), reply));
        }
    }
}
