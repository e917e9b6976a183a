package dev.hark.internal.engine;

import dev.hark.Event;
import dev.hark.internal.engine.Store.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Some queues of a listener that can be claimed together, with a session of their own: what befalls the server that holds
 * them is nothing to the listener's other queues.
 */
final class Station {

    private final Env env;
    private final Promoter promoter;
    private final Sessions sessions;
    private final Claimer claimer;
    private final Reaper reaper;

    /**
     * Prepares; nothing is sent yet.
     *
     * @param beside whether other stations use the same permits
     * @param dispatch takes what was claimed, and the tenure that holds it
     */
    Station(
            List<String> queues,
            Semaphore permits,
            boolean beside,
            BiConsumer<Claimed, Tenure> dispatch,
            Duration lease,
            Store store,
            Env env) {
        this.env = env;
        promoter = new Promoter(queues, store, env);
        sessions = new Sessions(queues, lease, store, env, promoter::dueIn);
        claimer = new Claimer(
                queues,
                store::claims,
                permits,
                beside,
                sessions,
                claimed -> dispatch.accept(claimed, sessions.tenure(claimed.session(), claimed.queue())),
                this::claimFailed,
                env);
        reaper = new Reaper(sessions, claimer, promoter, lease, store, env);
    }

    /** The group or the session may be gone: the sweep finds out, and should not wait for its turn. */
    private void claimFailed() {
        reaper.wake();
    }

    /** Registers its session with every queue; throws {@link StoreException} if that fails. */
    void open() {
        sessions.open();
    }

    void start() {
        reaper.start();
        promoter.start();
        claimer.start();
    }

    /** What it has claimed and not yet settled is with these. */
    List<Session> sessions() {
        return sessions.all();
    }

    /** How long ago the store last answered a claim, or, where none is made for good reasons, a sweep. */
    Duration sincePoll() {
        return claimer.resting() ? reaper.sinceSweep() : claimer.sincePoll();
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
            for (Tenure tenure : session.tenures()) {
                tenure.settler().flush(limit.minus(env.since(start)));
            }
        }
    }

    /** Keeps no lease any longer. */
    void stop(Duration limit) {
        promoter.stop(limit);
        reaper.stop(limit);
    }

    /** Ends its sessions, and hands over what they still hold. */
    void end(Consumer<? super Event.Trouble> events) {
        for (Session session : sessions.all()) {
            for (Tenure tenure : session.tenures()) {
                tenure.settler().abandon();
                try {
                    reaper.end(tenure);
                } catch (StoreException e) {
                    events.accept(new Event.Trouble(
                            "ending session " + session.id() + " of queue " + tenure.queue()
                                    + "; when its lease lapses others take over what it held",
                            e));
                }
            }
        }
    }
}
