package dev.hark.internal.engine.listen;

import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Opened;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/**
 * The sessions of one listener: the current one, under which it claims, and earlier ones that were lost while handlers
 * ran. Their outcomes are still sent, since some may not have been handed over yet; the store refuses the others.
 */
final class Sessions {

    private static final int OPENED_TOGETHER = 100;

    private final List<Address> queues;
    private final Duration lease;
    private final Gates gates;
    private final ListenStore store;
    private final Env env;
    private final BiConsumer<Address, NextDue> nextDue;
    private final ToIntFunction<Address> mostAttempts;

    private volatile Session current;
    private final List<Session> retired = new CopyOnWriteArrayList<>();

    Sessions(
            List<Address> queues,
            Duration lease,
            Gates gates,
            ListenStore store,
            Env env,
            BiConsumer<Address, NextDue> nextDue,
            ToIntFunction<Address> mostAttempts) {
        this.queues = queues;
        this.lease = lease;
        this.gates = gates;
        this.store = store;
        this.env = env;
        this.nextDue = nextDue;
        this.mostAttempts = mostAttempts;
        current = fresh();
    }

    private Session fresh() {
        String id = env.ids().get();
        return new Session(
                id,
                queues,
                queue -> new InFlight(
                        queue,
                        id,
                        mostAttempts.applyAsInt(queue),
                        gates,
                        store,
                        env,
                        due -> nextDue.accept(queue, due)));
    }

    Session current() {
        return current;
    }

    /** The current session and those before it that still hold something. */
    List<Session> all() {
        Session now = current; // first: it is among the retired ones before another is current
        List<Session> all = new ArrayList<>(retired);
        if (!all.contains(now)) {
            all.add(now);
        }
        return all;
    }

    /** The current session for one claim; {@link Session#claimEnds} must follow. */
    Session claiming() {
        while (true) {
            Session session = current;
            session.claimBegins();
            if (session == current) {
                return session;
            }
            session.claimEnds(); // it was retired in between
        }
    }

    /** Those of the queues in which heartbeats go well: claiming does not outlive the lease. */
    List<Address> leased(List<Address> of) {
        Session session = current;
        long now = env.nanos().getAsLong();
        for (Address queue : of) {
            if (!session.inFlight(queue).leased(now, lease)) {
                return of.stream()
                        .filter(one -> session.inFlight(one).leased(now, lease))
                        .toList();
            }
        }
        return of;
    }

    /** Registers the current session with every queue, making groups that are missing. */
    void open() {
        open(current, (queue, failure) -> {
            throw failure;
        });
    }

    private void open(Session session, BiConsumer<Address, StoreException> failed) {
        new Slices(store, env)
                .<Address, Opened>send(
                        queues,
                        queue -> queue,
                        OPENED_TOGETHER,
                        slice -> store.open(slice, session.id(), lease),
                        (queue, answer, sent, received) -> {
                            try {
                                Opened opened = answer.get();
                                session.inFlight(queue).leased(sent);
                                if (opened.groupRestored()) {
                                    env.events().accept(new Event.GroupRestored(queue.name(), opened.handedOutAgain()));
                                }
                            } catch (StoreException e) {
                                failed.accept(queue, e);
                            }
                        });
    }

    /** Goes on under a new session: in this queue the current one was struck off, or the group was lost. */
    void renew(Address queue) {
        Session lost = current;
        Session next = fresh();
        open(next, (one, failure) -> {
            if (failure.transientFailure() || one.equals(queue)) {
                throw failure;
            }
            // its own sweep reports that its keys are broken; the other queues must go on
        });
        retired.add(lost);
        current = next;
        lost.inFlights().forEach(InFlight::lose);
        env.events().accept(new Event.SessionLost(queue.name(), lost.id(), next.id()));
    }

    /** Forgets a retired session that holds nothing more. */
    void forget(Session session) {
        retired.remove(session);
    }
}
