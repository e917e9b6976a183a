package dev.hark.internal.engine.listen;

import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.QueueConfigs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The claim groups of a listener whose queues live on one server, as far as was known when it started: one loop keeps all their
 * leases, one promotes, and one hears hints, so that threads grow with servers and not with queues. What befalls the
 * server is nothing to the other nodes, but for the one that has the list of queues: a queue that is opened anew is put there
 * again. Nothing but that depends on where a queue lives, which may change.
 */
final class Node {

    private final Env env;
    private final Promoter promoter;
    private final Hints hints;
    private final List<ClaimGroup> claimGroups;
    private final Reaper reaper;

    /**
     * Prepares; nothing is sent yet.
     *
     * @param groups queues that can be claimed together, a claim group each
     * @param beside whether claim groups of other nodes use the same permits
     * @param dispatch takes what was claimed, and what holds it in flight
     * @param mostAttempts how many attempts a message of a queue may have
     */
    Node(
            List<List<Address>> groups,
            Semaphore permits,
            boolean beside,
            Gates gates,
            BiConsumer<Claimed, InFlight> dispatch,
            ToIntFunction<Address> mostAttempts,
            Duration lease,
            QueueConfigs configs,
            ListenStore store,
            Env env) {
        this.env = env;
        promoter = new Promoter(store, env);
        hints = new Hints(groups.stream().flatMap(List::stream).toList(), promoter, configs, store, env);
        claimGroups = groups.stream()
                .map(queues -> new ClaimGroup(
                        queues,
                        permits,
                        !beside && groups.size() == 1,
                        gates,
                        dispatch,
                        mostAttempts,
                        lease,
                        promoter::dueIn,
                        this::claimFailed,
                        store,
                        env))
                .toList();
        reaper = new Reaper(claimGroups.stream().map(ClaimGroup::charge).toList(), promoter, lease, store, env);
    }

    /** The group or the session may be gone: the sweep finds out, and should not wait for its turn. */
    private void claimFailed() {
        reaper.wake();
    }

    /** All that runs for it. */
    List<Loop> loops() {
        List<Loop> loops = new ArrayList<>(List.of(promoter.loop(), hints.loop(), reaper.loop()));
        claimGroups.forEach(claimGroup -> loops.add(claimGroup.loop()));
        return loops;
    }

    List<ClaimGroup> claimGroups() {
        return claimGroups;
    }

    void start() {
        reaper.start();
        promoter.start();
        hints.start();
        claimGroups.forEach(ClaimGroup::start);
    }

    /** Waits until nothing more is dispatched. */
    void joinClaiming(Duration limit) {
        long start = env.nanos().getAsLong();
        claimGroups.forEach(claimGroup -> claimGroup.joinClaiming(limit.minus(env.since(start))));
    }

    /** Settles what handlers did, in this time in all; keeps no lease any longer; and ends what is left last. */
    void close(Duration flushing, Duration stopping) {
        long start = env.nanos().getAsLong();
        claimGroups.forEach(claimGroup -> claimGroup.flush(flushing.minus(env.since(start))));
        promoter.stop();
        hints.stop();
        promoter.join(stopping);
        hints.join(stopping);
        reaper.stop(stopping);
        end(env.events());
    }

    /** Ends all sessions, and hands over what they still hold. */
    void end(Consumer<? super Event.Trouble> events) {
        List<InFlight> inFlights = claimGroups.stream()
                .flatMap(claimGroup -> claimGroup.sessions().stream())
                .flatMap(session -> session.inFlights().stream())
                .toList();
        inFlights.forEach(inFlight -> inFlight.settler().abandon());
        reaper.end(
                inFlights,
                (inFlight, e) -> events.accept(new Event.Trouble(
                        "ending session " + inFlight.session() + " of queue "
                                + inFlight.queue().name() + "; when its lease lapses others take over what it held",
                        e)));
    }
}
