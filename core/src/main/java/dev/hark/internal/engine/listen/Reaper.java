package dev.hark.internal.engine.listen;

import dev.hark.error.NewerLayoutException;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Beat;
import dev.hark.internal.engine.ListenStore.Seat;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.listen.Gates.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the leases of sessions, and takes over what others held whose lease has lapsed. It does the latter only after
 * its own heartbeats have gone well for a whole lease by its own clock: when Redis stalls, everybody looks dead.
 *
 * <p>A round sweeps every queue; where more is to be found than one sweep names, it goes on there at once, until the next
 * round is due. A queue that fails is tried again soon, and costs the others nothing.
 */
final class Reaper {

    /** Counts claims: an entry that is unknown here may have come with one whose reply is still on its way. */
    interface Claims {
        /** How many have begun so far. */
        long begun();

        /** How many have ended so far. */
        long ended();
    }

    /** The sessions of one claim group, which claims under them. */
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

    /** A session in a queue, to be swept. */
    private record Due(Charge charge, Session session, InFlight inFlight) {
        Address queue() {
            return inFlight.queue();
        }
    }

    /** Another's session, to be taken over. */
    private record Lapsed(Due found, String session) {
        Address queue() {
            return found.queue();
        }
    }

    /** Redis does in a row what comes together, and a sweep takes it 10 to 30 us where nothing happens. */
    private static final int SWEPT_TOGETHER = 100;

    /** Each moves a message at least, however large it is. */
    private static final int TAKEN_TOGETHER = 20;

    private final List<Charge> charges;
    private final Promoter promoter;
    private final Duration lease;
    private final ListenStore store;
    private final Env env;
    private final Slices slices;
    private final Loop loop;
    private volatile boolean wanted = true; // a round, though it is not due

    // owned by the loop
    private final Map<Address, Cadence> cadences = new HashMap<>(); // by queue
    private final Set<Due> unfinished = new LinkedHashSet<>(); // what was not answered, failed, or has more to be found
    private long roundAt;
    private @Nullable RuntimeException failure; // the first of a step

    Reaper(List<Charge> charges, Promoter promoter, Duration lease, ListenStore store, Env env) {
        this.charges = charges;
        this.promoter = promoter;
        this.lease = lease;
        this.store = store;
        this.env = env;
        slices = new Slices(store, env);
        loop = new Loop("keeping leases", this::step, env);
    }

    void start() {
        long now = env.nanos().getAsLong();
        charges.forEach(charge -> charge.sweptAt = now);
        loop.start();
    }

    /** Sweeps all queues now. */
    void wake() {
        wanted = true;
        loop.wake();
    }

    /** Sweeps every queue if that is due, or else those that it had not finished with; returns how long until the next. */
    Duration step() {
        long start = env.nanos().getAsLong();
        double third = lease.toNanos() / 3.0;
        if (wanted || start - roundAt >= 0) {
            List<Due> all = all();
            long next = start + (long) (third * (0.8 + 0.2 * env.random().nextDouble()));
            unfinished.clear();
            unfinished.addAll(all);
            wanted = false; // once nothing of it can be lost any more
            roundAt = next;
        }
        List<Due> due = List.copyOf(unfinished);
        failure = null;
        do {
            due = sweep(due);
        } while (!due.isEmpty() && left() > 0);
        unfinished.addAll(due);
        endRetired();
        if (failure != null) {
            throw failure;
        }
        return due.isEmpty() ? Duration.ofNanos(Math.max(0, left())) : Duration.ZERO;
    }

    /** Nanoseconds until the next round. */
    private long left() {
        return roundAt - env.nanos().getAsLong();
    }

    private List<Due> all() {
        List<Due> all = new ArrayList<>();
        for (Charge charge : charges) {
            for (Session session : charge.sessions.all()) {
                session.inFlights().forEach(inFlight -> all.add(new Due(charge, session, inFlight)));
            }
        }
        return all;
    }

    /** Whatever it is, it is nothing to the other queues. */
    private void failed(Due due, RuntimeException e) {
        if (e instanceof StoreException answered && answered.kind() == StoreException.Kind.WRONG_TYPE) {
            due.charge.gates.close(
                    due.queue(), Reason.BROKEN); // claiming fails as well, for all queues that wait together
        }
        unfinished.add(due);
        failure = failure == null ? e : failure;
    }

    /** Returns where there is more to be found at once. */
    private List<Due> sweep(List<Due> due) {
        Set<Due> more = new LinkedHashSet<>();
        List<Lapsed> lapsed = new ArrayList<>();
        slices.<Due, Sweep>send(
                due,
                Due::queue,
                SWEPT_TOGETHER,
                slice -> store.sweep(
                        slice.stream()
                                .map(one -> new Beat(one.queue(), one.session.id(), one.inFlight.cursor()))
                                .toList(),
                        lease),
                (one, answer, sent, received) -> {
                    try {
                        Sweep sweep = answer.get();
                        boolean steady = swept(one, sweep, sent, received);
                        if (steady) {
                            notOwn(one, sweep.lapsed()).forEach(session -> lapsed.add(new Lapsed(one, session)));
                        }
                        if (!sweep.cursor().isEmpty()
                                || (steady && sweep.lapsed().size() >= ListenStore.MOST_LAPSED)) {
                            more.add(one);
                        } else {
                            unfinished.remove(one);
                        }
                    } catch (RuntimeException e) {
                        failed(one, e);
                    }
                });
        takeOver(lapsed, more);
        return List.copyOf(more);
    }

    /** Takes in what a sweep found; returns whether those that it names may be taken over. */
    private boolean swept(Due due, Sweep sweep, long sent, long received) {
        Sessions sessions = due.charge.sessions;
        Address queue = due.queue();
        boolean current = due.session == sessions.current();
        if (sweep.alive()) {
            due.inFlight.leased(sent);
        }
        promoter.dueIn(queue, sweep.nextDue());
        due.charge.gates.open(queue, Reason.BROKEN);
        String newer = sweep.newerLayout();
        if (newer == null
                && current
                && (sweep.groupMissing() || !sweep.alive())
                && !loop.stopped()) { // else it has ended here
            sessions.renew(queue);
            return false;
        }
        long ended = due.charge.claims.ended();
        long begun = due.charge.claims.begun();
        due.inFlight.compare(sweep.held(), sweep.cursor(), begun, ended);
        if (!current) {
            return false;
        }
        due.charge.sweptAt = received;
        if (newer != null) {
            leave(due.charge, due.inFlight, sweep.alive(), newer);
            return false;
        }
        due.charge.gates.open(queue, Reason.NEWER_LAYOUT);
        Cadence cadence = cadences.computeIfAbsent(queue, it -> new Cadence(lease));
        cadence.answered(sent, received);
        return cadence.steady(received);
    }

    /** A newer program has taken the queue over: this one settles what it holds of it, and looks whether it may go on. */
    private void leave(Charge charge, InFlight inFlight, boolean alive, String newer) {
        Address queue = inFlight.queue();
        cadences.remove(queue);
        if (!alive) {
            inFlight.lose();
        }
        if (charge.gates.close(queue, Reason.NEWER_LAYOUT)) {
            String what =
                    newer + ". A newer Hark has taken the queue over: nothing more is claimed from it here, and what"
                            + " is held is settled; upgrade this program";
            env.events().accept(new Event.Trouble("queue " + queue.name(), new NewerLayoutException(what)));
        }
    }

    private static List<String> notOwn(Due due, List<String> lapsed) {
        List<String> own = due.charge.sessions.all().stream().map(Session::id).toList();
        return lapsed.stream().filter(session -> !own.contains(session)).toList();
    }

    /** Takes over, until the next round is due; what has more then is left to it. */
    private void takeOver(List<Lapsed> lapsed, Set<Due> more) {
        List<Lapsed> steps = lapsed;
        while (!steps.isEmpty() && left() > 0) {
            List<Lapsed> next = new ArrayList<>();
            slices.<Lapsed, Takeover>send(
                    steps,
                    Lapsed::queue,
                    TAKEN_TOGETHER,
                    slice -> store.takeOver(
                            slice.stream()
                                    .map(one -> new Seat(one.queue(), one.session))
                                    .toList(),
                            TakeoverMode.LAPSED),
                    (one, answer, sent, received) -> {
                        try {
                            if (recovered(one.queue(), one.session, answer.get())
                                    .more()) {
                                next.add(one);
                            }
                        } catch (RuntimeException e) {
                            failed(one.found, e);
                        }
                    });
            steps = next;
        }
        steps.forEach(one -> more.add(one.found));
    }

    private Takeover recovered(Address queue, String session, Takeover step) {
        if (step.moved() > 0) {
            env.events().accept(new Event.Recovered(queue.name(), session, step.moved()));
        }
        return step;
    }

    /** Sessions that were lost and hold nothing more. */
    private void endRetired() {
        for (Charge charge : charges) {
            for (Session session : charge.sessions.all()) {
                if (session != charge.sessions.current() && session.idle()) {
                    List<StoreException> failures = new ArrayList<>();
                    end(session.inFlights(), (inFlight, e) -> failures.add(e));
                    if (failures.isEmpty()) {
                        charge.sessions.forget(session);
                    } else if (failure == null) {
                        failure = failures.get(0);
                    }
                }
            }
        }
    }

    /** Ends sessions in queues: what they still hold is handed over, and their lease ends last. */
    void end(Collection<InFlight> inFlights, BiConsumer<InFlight, StoreException> failed) {
        List<InFlight> steps = List.copyOf(inFlights);
        while (!steps.isEmpty()) {
            List<InFlight> next = new ArrayList<>();
            slices.<InFlight, Takeover>send(
                    steps,
                    InFlight::queue,
                    TAKEN_TOGETHER,
                    slice -> store.takeOver(
                            slice.stream()
                                    .map(one -> new Seat(one.queue(), one.session()))
                                    .toList(),
                            TakeoverMode.CLOSED),
                    (one, answer, sent, received) -> {
                        try {
                            Takeover step = recovered(one.queue(), one.session(), answer.get());
                            if (step.more() && step.moved() > 0) {
                                next.add(one);
                            }
                        } catch (StoreException e) {
                            failed.accept(one, e);
                        }
                    });
            steps = next;
        }
    }

    Loop loop() {
        return loop;
    }

    void stop(Duration limit) {
        loop.stop();
        loop.join(limit);
    }
}
