package dev.hark.internal.engine;

import dev.hark.Event;
import dev.hark.NewerLayoutException;
import dev.hark.internal.engine.Gates.Reason;
import dev.hark.internal.engine.Store.Sweep;
import dev.hark.internal.engine.Store.Takeover;
import dev.hark.internal.engine.Store.TakeoverMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the leases of sessions, and takes over what others held whose lease has lapsed. It does the latter only after
 * its own heartbeats have gone well for a whole lease by its own clock: when Redis stalls, everybody looks dead.
 */
final class Reaper {

    /** Claims under way: an entry that came with one that is not over yet may still become known. */
    interface Claims {
        /** How many have begun so far. */
        long begun();

        /** How many have ended so far. */
        long ended();
    }

    /** The sessions of one station, which claims under them. */
    static final class Charge {

        private final Sessions sessions;
        private final Claims claims;
        private final Gates gates;
        private volatile long sweptAt;

        Charge(Sessions sessions, Claims claims, Gates gates) {
            this.sessions = sessions;
            this.claims = claims;
            this.gates = gates;
        }

        /** How long ago Redis last answered a heartbeat. */
        Duration sinceSweep(Env env) {
            return env.since(sweptAt);
        }
    }

    private final List<Charge> charges;
    private final Promoter promoter;
    private final Duration lease;
    private final Store store;
    private final Env env;
    private final Loop loop;

    private final Map<String, Cadence> cadences = new HashMap<>(); // by queue, owned by the loop

    Reaper(List<Charge> charges, Promoter promoter, Duration lease, Store store, Env env) {
        this.charges = charges;
        this.promoter = promoter;
        this.lease = lease;
        this.store = store;
        this.env = env;
        loop = new Loop("keeping leases", this::step, env);
    }

    void start() {
        long now = env.nanos().getAsLong();
        charges.forEach(charge -> charge.sweptAt = now);
        loop.start();
    }

    void wake() {
        loop.wake();
    }

    /** Sweeps every queue once; returns how long until the next sweep is due. */
    Duration step() {
        boolean more = false;
        StoreException failure = null;
        for (Charge charge : charges) {
            for (Session session : charge.sessions.all()) {
                for (Tenure tenure : session.tenures()) {
                    try {
                        more |= sweep(charge, session, tenure);
                    } catch (StoreException e) {
                        cadences.remove(tenure.queue());
                        failure = ofOneQueue(e);
                    }
                }
                if (session != charge.sessions.current() && session.idle()) {
                    try {
                        session.tenures().forEach(this::end);
                        charge.sessions.forget(session);
                    } catch (StoreException e) {
                        failure = ofOneQueue(e);
                    }
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        double third = lease.toNanos() / 3.0;
        return more
                ? Duration.ZERO
                : Duration.ofNanos((long) (third * (0.8 + 0.2 * env.random().nextDouble())));
    }

    /** A queue whose keys are broken must not cost the leases in the others; whatever else fails concerns them all. */
    private StoreException ofOneQueue(StoreException e) {
        if (e.transientFailure()) {
            cadences.clear();
            throw e;
        }
        return e;
    }

    /** Returns whether there is more to take over at once. */
    private boolean sweep(Charge charge, Session session, Tenure tenure) {
        Sessions sessions = charge.sessions;
        String queue = tenure.queue();
        boolean current = session == sessions.current();
        long sent = env.nanos().getAsLong();
        Sweep sweep = store.sweep(queue, session.id(), lease, tenure.cursor());
        promoter.dueIn(queue, sweep.nextDueMillis());
        String newer = sweep.newerLayout();
        if (newer == null
                && current
                && (sweep.groupMissing() || !sweep.alive())
                && !loop.stopped()) { // else it has ended here
            sessions.renew(queue);
            return false;
        }
        long ended = charge.claims.ended();
        long begun = charge.claims.begun();
        tenure.compare(sweep.held(), sweep.cursor(), begun, ended);
        if (!current) {
            return false;
        }
        long now = env.nanos().getAsLong();
        charge.sweptAt = now;
        if (newer != null) {
            leave(charge, tenure, sweep.alive(), newer);
            return false;
        }
        charge.gates.open(queue, Reason.NEWER_LAYOUT);
        Cadence cadence = cadences.computeIfAbsent(queue, it -> new Cadence(lease));
        cadence.answered(sent, now);
        return cadence.steady(now) && reap(sessions, queue, sweep.lapsed());
    }

    /** A newer program has taken the queue over: this one settles what it holds of it, and looks whether it may go on. */
    private void leave(Charge charge, Tenure tenure, boolean alive, String newer) {
        String queue = tenure.queue();
        cadences.remove(queue);
        if (!alive) {
            tenure.lose();
        }
        if (charge.gates.close(queue, Reason.NEWER_LAYOUT)) {
            String what =
                    newer + ". A newer Hark has taken the queue over: nothing more is claimed from it here, and what"
                            + " is held is settled; upgrade this program";
            env.events().accept(new Event.Trouble("queue " + queue, new NewerLayoutException(what)));
        }
    }

    private boolean reap(Sessions sessions, String queue, List<String> lapsed) {
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
