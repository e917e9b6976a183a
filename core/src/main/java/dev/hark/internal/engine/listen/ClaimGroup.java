package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/** Some queues of a listener that can be claimed together, with a session of their own, under which they are claimed. */
final class ClaimGroup {

    private final Env env;
    private final Sessions sessions;
    private final Claimer claimer;
    private final Reaper.Charge charge;

    /**
     * Prepares; nothing is sent yet.
     *
     * @param direct whether no other group uses these permits, so that one queue may be waited for with one of them
     * @param dispatch takes what was claimed, and what holds it in flight
     * @param nextDue told how long until the earliest due time of a queue
     * @param claimFailed told when a claim failed, so that what may be wrong is looked into
     * @param mostAttempts how many attempts a message of a queue may have
     */
    ClaimGroup(
            List<Address> queues,
            Semaphore permits,
            boolean direct,
            Gates gates,
            BiConsumer<Claimed, InFlight> dispatch,
            ToIntFunction<Address> mostAttempts,
            Duration lease,
            BiConsumer<Address, NextDue> nextDue,
            Runnable claimFailed,
            ListenStore store,
            Env env) {
        this.env = env;
        sessions = new Sessions(queues, lease, gates, store, env, nextDue, mostAttempts);
        claimer = new Claimer(
                queues,
                store::claims,
                permits,
                direct && queues.size() == 1,
                sessions,
                gates,
                dispatch,
                claimFailed,
                env);
        charge = new Reaper.Charge(sessions, claimer, gates);
    }

    /** Registers its session with every queue; throws {@link StoreException} if that fails. */
    void open() {
        sessions.open();
    }

    void start() {
        claimer.start();
    }

    /** Looks again at once which queues may be claimed. */
    void wake() {
        claimer.wake();
    }

    /** What the reaper keeps for it. */
    Reaper.Charge charge() {
        return charge;
    }

    /** What it has claimed and not yet settled is with these. */
    List<Session> sessions() {
        return sessions.all();
    }

    /** How long ago the store last answered a claim, or, where none is made for good reasons, a sweep. */
    Duration sincePoll() {
        return claimer.resting() ? charge.sinceSweep(env) : claimer.sincePoll();
    }

    /** What runs for it alone. */
    Loop loop() {
        return claimer.loop();
    }

    /** Claims no more. */
    void stopClaiming() {
        claimer.stop();
    }

    /** Waits until nothing more is dispatched. */
    void joinClaiming(Duration limit) {
        claimer.join(limit);
    }

    /** Waits until what handlers did is settled, at most so long in all. */
    void flush(Duration limit) {
        long start = env.nanos().getAsLong();
        for (Session session : sessions.all()) {
            for (InFlight inFlight : session.inFlights()) {
                inFlight.settler().flush(limit.minus(env.since(start)));
            }
        }
    }
}
