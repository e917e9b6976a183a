package dev.hark.internal.engine;

import dev.hark.Event;
import dev.hark.internal.engine.Store.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One listener at work: claims messages of its queues, runs a handler for each on a thread of its own, and settles.
 *
 * <p>It closes in this order: claim no more; let handlers run to the deadline; settle what they did; interrupt what is
 * left; and end the lease last, since until then nobody else takes what is held here.
 */
public final class Listening {

    /** One blocking read takes no more streams: Redis looks at each of them on every wake. */
    private static final int QUEUES_PER_CLAIMER = 100;

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Map<String, Work<?>> works = new LinkedHashMap<>();
    private final int concurrency;
    private final Solitude solitude;
    private final Env env;
    private final Semaphore permits;
    private final Sessions sessions;
    private final Promoter promoter;
    private final List<Claimer> claimers = new ArrayList<>();
    private final Reaper reaper;
    private final @Nullable Loop enforcing;
    private volatile boolean closing;

    /**
     * Prepares; nothing is sent yet.
     *
     * @param timeout how long a handler may run, or null for as long as it likes
     */
    public Listening(
            List<Work<?>> work,
            int concurrency,
            @Nullable Duration timeout,
            Duration lease,
            Solitude solitude,
            Store store,
            Env env) {
        work.forEach(one -> works.put(one.queue(), one));
        this.concurrency = concurrency;
        this.solitude = solitude;
        this.env = env;
        permits = new Semaphore(concurrency);
        List<String> queues = List.copyOf(works.keySet());
        promoter = new Promoter(queues, store, env);
        sessions = new Sessions(queues, lease, store, env, promoter::dueIn);
        for (int from = 0; from < queues.size(); from += QUEUES_PER_CLAIMER) {
            List<String> some = queues.subList(from, Math.min(queues.size(), from + QUEUES_PER_CLAIMER));
            claimers.add(
                    new Claimer(some, store.claims(some), permits, sessions, this::dispatch, this::claimFailed, env));
        }
        reaper = new Reaper(sessions, claimers, promoter, lease, store, env);
        enforcing = timeout == null ? null : new Loop("timing handlers out", () -> enforce(timeout), env);
    }

    /** Registers with the store and starts; throws {@link StoreException} if that fails, and then nothing runs. */
    public void start() {
        try {
            sessions.open();
        } catch (StoreException e) {
            end(sessions.current(), failure -> {}); // what of it was registered lapses otherwise
            throw e;
        }
        reaper.start();
        promoter.start();
        claimers.forEach(Claimer::start);
        if (enforcing != null) {
            enforcing.start();
        }
    }

    /** The group or the session may be gone: the sweep finds out, and should not wait for its turn. */
    private void claimFailed() {
        reaper.wake();
    }

    private void dispatch(Claimed claimed) {
        Tenure tenure = sessions.tenure(claimed.session(), claimed.queue());
        Work<?> work = Objects.requireNonNull(works.get(claimed.queue()));
        Delivery delivery = new Delivery(claimed, work, tenure, solitude, () -> !closing, permits::release, env);
        tenure.begin(claimed, delivery);
        env.executor().execute(delivery);
    }

    /** Ends what runs for longer than it may; returns how long until the next may be. */
    private Duration enforce(Duration timeout) {
        Duration next = timeout;
        for (Session session : sessions.all()) {
            for (Tenure tenure : session.tenures()) {
                for (Delivery delivery : tenure.deliveries()) {
                    Duration left = delivery.enforce(timeout);
                    next = left.compareTo(next) < 0 ? left : next;
                }
            }
        }
        return next;
    }

    /** How long ago the store last answered a claim, of the claimer for which that is longest; or, if it is full, a sweep. */
    public Duration sincePoll() {
        return claimers.stream()
                .map(claimer -> claimer.full() ? reaper.sinceSweep() : claimer.sincePoll())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Closes, once; handlers may go on until the deadline. */
    public void close(Duration deadline) {
        long start = env.nanos().getAsLong();
        closing = true;
        claimers.forEach(Claimer::stop);
        claimers.forEach(claimer -> claimer.join(GRACE));
        // All permits are back when nothing runs.
        boolean quiet = await(concurrency, deadline.minus(env.since(start)));
        if (!quiet) {
            sessions.all()
                    .forEach(session -> session.tenures()
                            .forEach(tenure -> tenure.deliveries().forEach(Delivery::interrupt)));
            await(concurrency, GRACE);
        }
        if (enforcing != null) {
            enforcing.stop();
            enforcing.join(GRACE);
        }
        for (Session session : sessions.all()) {
            for (Tenure tenure : session.tenures()) {
                tenure.settler().flush(deadline.plus(GRACE).minus(env.since(start)));
            }
        }
        promoter.stop(GRACE);
        reaper.stop(GRACE);
        for (Session session : sessions.all()) {
            session.tenures().forEach(tenure -> tenure.settler().abandon());
            end(session, env.events());
        }
    }

    private void end(Session session, Consumer<? super Event.Trouble> events) {
        for (Tenure tenure : session.tenures()) {
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

    private boolean await(int permitsWanted, Duration limit) {
        try {
            return env.threads().acquire(permits, permitsWanted, Math.max(0, limit.toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
