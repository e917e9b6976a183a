package dev.hark.internal.engine.listen;

import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Settlement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What one session holds of one queue: each entry from its claim until its outcome is known to be applied or refused. */
final class InFlight {

    private final Address queue;
    private final String session;
    private final int mostAttempts;
    private final Env env;
    private final Settler settler;
    private final ConcurrentHashMap<String, Delivery> held = new ConcurrentHashMap<>();
    private final Set<String> releasing = ConcurrentHashMap.newKeySet(); // what is not held here and being handed over

    private volatile boolean lost;
    private volatile long leasedAt; // by env.nanos

    // owned by the reaper
    private String cursor = "";
    private final Map<String, Long> suspects = new HashMap<>();

    /**
     * Begins with nothing.
     *
     * @param mostAttempts how many attempts a message may have whose claims nobody here ever sees
     * @param nextDue told how long until the earliest due time
     */
    InFlight(
            Address queue,
            String session,
            int mostAttempts,
            Gates gates,
            ListenStore store,
            Env env,
            Consumer<NextDue> nextDue) {
        this.queue = queue;
        this.session = session;
        this.mostAttempts = mostAttempts;
        this.env = env;
        leasedAt = env.nanos().getAsLong(); // it is made to be registered
        settler = new Settler(queue, session, gates, store, env, nextDue, this::settled);
    }

    Address queue() {
        return queue;
    }

    String session() {
        return session;
    }

    Settler settler() {
        return settler;
    }

    void begin(Claimed claimed, Delivery delivery) {
        held.put(claimed.entry(), delivery);
    }

    private void settled(List<Settler.Item> items) {
        for (Settler.Item item : items) {
            forget(item.settlement().entry());
            releasing.remove(item.settlement().entry());
        }
    }

    /** What is not known here is handed over by and by, as what came with a lost reply. */
    void forget(String entry) {
        held.remove(entry);
    }

    /** What is claimed and not yet settled. */
    Iterable<Delivery> deliveries() {
        return held.values();
    }

    /** Notes that its session was struck off: others take over what is held here. */
    void lose() {
        lost = true;
    }

    /** Whether what has not begun should not: others have it already, or soon. */
    boolean lost() {
        return lost;
    }

    boolean idle() {
        return held.isEmpty();
    }

    /** Notes that the store was asked to extend the lease at that time, and did. */
    void leased(long nanos) {
        leasedAt = nanos;
    }

    /** Whether the lease holds as far as can be known here. */
    boolean leased(long now, Duration lease) {
        return now - leasedAt < lease.toNanos();
    }

    String cursor() {
        return cursor;
    }

    /**
     * Hands over entries that the store says this session holds and that nobody here knows: their claim's reply was lost. An
     * entry counts as unknown only if it still is when the claims that ran at its first sighting have ended. A reply that
     * does not fit into the heap would be lost for ever: hence {@link Settlement.Lost}.
     *
     * @param claimsBegun how many claims have begun so far
     * @param claimsEnded how many claims have ended so far
     */
    void compare(List<String> entries, String next, long claimsBegun, long claimsEnded) {
        if (cursor.isEmpty() && next.isEmpty()) {
            suspects.keySet().retainAll(Set.copyOf(entries)); // this was all that is held for long
        }
        for (String entry : entries) {
            if (held.containsKey(entry) || releasing.contains(entry)) {
                suspects.remove(entry);
            } else {
                Long begun = suspects.putIfAbsent(entry, claimsBegun);
                if (begun != null && claimsEnded >= begun && !held.containsKey(entry)) {
                    suspects.remove(entry);
                    release(entry);
                    env.events().accept(new Event.ClaimReplyLost(queue.name(), entry));
                }
            }
        }
        cursor = next;
    }

    private void release(String entry) {
        releasing.add(entry);
        try {
            settler.settle(new Settlement.Lost(entry, mostAttempts), entry, Settler.UNKNOWN_BYTES);
        } catch (Throwable e) { // no memory: a later sweep tries it again
            releasing.remove(entry);
            throw e;
        }
    }
}
