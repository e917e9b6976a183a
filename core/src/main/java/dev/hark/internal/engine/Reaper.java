package dev.hark.internal.engine;

import dev.hark.Event;
import dev.hark.internal.engine.Store.Sweep;
import dev.hark.internal.engine.Store.Takeover;
import dev.hark.internal.engine.Store.TakeoverMode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Keeps this listener's leases, and takes over what sessions held whose lease has lapsed. It does the latter only after
 * its own heartbeats have gone well for a whole lease by its own clock: when Redis stalls, everybody looks dead.
 */
final class Reaper {

    private final Sessions sessions;
    private final Collection<Claimer> claimers;
    private final Promoter promoter;
    private final Duration lease;
    private final Store store;
    private final Env env;
    private final Loop loop;

    // owned by the loop
    private long wellSince;
    private long lastSweep;
    private boolean well;

    Reaper(Sessions sessions, Collection<Claimer> claimers, Promoter promoter, Duration lease, Store store, Env env) {
        this.sessions = sessions;
        this.claimers = claimers;
        this.promoter = promoter;
        this.lease = lease;
        this.store = store;
        this.env = env;
        loop = new Loop("keeping leases", this::step, env);
    }

    void start() {
        loop.start();
    }

    void wake() {
        loop.wake();
    }

    /** Sweeps every queue once; returns how long until the next sweep is due. */
    Duration step() {
        long now = env.nanos().getAsLong();
        if (!well || late()) {
            wellSince = now;
        }
        well = false; // until every queue has answered
        boolean more = false;
        StoreException failure = null;
        for (Session session : sessions.all()) {
            for (Tenure tenure : session.tenures()) {
                try {
                    more |= sweep(session, tenure);
                } catch (StoreException e) {
                    failure = ofOneQueue(e);
                }
            }
            if (session != sessions.current() && session.idle()) {
                try {
                    session.tenures().forEach(this::end);
                    sessions.forget(session);
                } catch (StoreException e) {
                    failure = ofOneQueue(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        well = true;
        lastSweep = now;
        double third = lease.toNanos() / 3.0;
        return more
                ? Duration.ZERO
                : Duration.ofNanos((long) (third * (0.8 + 0.2 * env.random().nextDouble())));
    }

    /** A queue whose keys are broken must not cost the leases in the others; whatever else fails concerns them all. */
    private static StoreException ofOneQueue(StoreException e) {
        if (e.transientFailure()) {
            throw e;
        }
        return e;
    }

    /** Returns whether there is more to take over at once. */
    private boolean sweep(Session session, Tenure tenure) {
        String queue = tenure.queue();
        boolean current = session == sessions.current();
        Sweep sweep = store.sweep(queue, session.id(), lease, tenure.cursor());
        promoter.dueIn(queue, sweep.nextDueMillis());
        if (current && (sweep.groupMissing() || !sweep.alive())) {
            sessions.renew(queue);
            return false;
        }
        long begun = 0;
        long ended = 0;
        for (Claimer claimer : claimers) {
            if (claimer.queues().contains(queue)) {
                ended = claimer.ended();
                begun = claimer.begun();
            }
        }
        tenure.compare(sweep.held(), sweep.cursor(), begun, ended);
        return current && mayReap() && reap(queue, sweep.lapsed());
    }

    private boolean late() {
        return env.since(lastSweep).compareTo(lease.dividedBy(3).multipliedBy(2)) > 0;
    }

    /** Asked after a sweep: an answer that came late may tell of sessions whose heartbeats Redis has yet to read. */
    private boolean mayReap() {
        if (late()) {
            wellSince = env.nanos().getAsLong();
        }
        return env.since(wellSince).compareTo(lease) >= 0;
    }

    private boolean reap(String queue, List<String> lapsed) {
        boolean more = false;
        for (String session : lapsed) {
            if (sessions.all().stream().noneMatch(own -> own.id().equals(session))) {
                Takeover step = store.takeOver(queue, session, TakeoverMode.LAPSED);
                if (step.moved() > 0) {
                    env.events().accept(new Event.Recovered(queue, session, step.moved()));
                }
                more |= step.more();
            }
        }
        return more;
    }

    /** Ends a session in a queue: what it still holds is handed over, and its lease ends last. */
    void end(Tenure tenure) {
        Takeover step;
        do {
            step = store.takeOver(tenure.queue(), tenure.session(), TakeoverMode.CLOSED);
            if (step.moved() > 0) {
                env.events().accept(new Event.Recovered(tenure.queue(), tenure.session(), step.moved()));
            }
        } while (step.more() && step.moved() > 0);
    }

    void stop(Duration limit) {
        loop.stop();
        loop.join(limit);
    }
}
