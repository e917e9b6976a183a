package dev.hark.internal.engine;

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

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Map<String, Work<?>> works = new LinkedHashMap<>();
    private final int concurrency;
    private final Solitude solitude;
    private final Env env;
    private final Semaphore permits;
    private final List<Node> nodes = new ArrayList<>();
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
        Map<String, List<List<String>>> byNode = new LinkedHashMap<>();
        for (List<String> group : store.groups(List.copyOf(works.keySet()))) {
            byNode.computeIfAbsent(store.node(group.get(0)), it -> new ArrayList<>())
                    .add(group);
        }
        byNode.values()
                .forEach(groups ->
                        nodes.add(new Node(groups, permits, byNode.size() > 1, this::dispatch, lease, store, env)));
        enforcing = timeout == null ? null : new Loop("timing handlers out", () -> enforce(timeout), env);
    }

    /** Registers with the store and starts; throws {@link StoreException} if that fails, and then nothing runs. */
    public void start() {
        try {
            stations().forEach(Station::open);
        } catch (StoreException e) {
            nodes.forEach(node -> node.end(failure -> {})); // what of it was registered lapses otherwise
            throw e;
        }
        nodes.forEach(Node::start);
        if (enforcing != null) {
            enforcing.start();
        }
    }

    private void dispatch(Claimed claimed, Tenure tenure) {
        Work<?> work = Objects.requireNonNull(works.get(claimed.queue()));
        Delivery delivery = new Delivery(claimed, work, tenure, solitude, () -> !closing, permits::release, env);
        tenure.begin(claimed, delivery);
        env.handlers().execute(delivery);
    }

    /** Ends what runs for longer than it may; returns how long until the next may be. */
    private Duration enforce(Duration timeout) {
        Duration next = timeout;
        for (Tenure tenure : tenures()) {
            for (Delivery delivery : tenure.deliveries()) {
                Duration left = delivery.enforce(timeout);
                next = left.compareTo(next) < 0 ? left : next;
            }
        }
        return next;
    }

    private List<Station> stations() {
        return nodes.stream().flatMap(node -> node.stations().stream()).toList();
    }

    private List<Tenure> tenures() {
        return stations().stream()
                .flatMap(station -> station.sessions().stream())
                .flatMap(session -> session.tenures().stream())
                .toList();
    }

    /** How long ago the store last answered, of the station for which that is longest. */
    public Duration sincePoll() {
        return stations().stream()
                .map(Station::sincePoll)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Closes, once; handlers may go on until the deadline. */
    public void close(Duration deadline) {
        long start = env.nanos().getAsLong();
        closing = true;
        stations().forEach(Station::stopClaiming);
        each(node -> node.joinClaiming(GRACE));
        // All permits are back when nothing runs.
        boolean quiet = await(concurrency, deadline.minus(env.since(start)));
        if (!quiet) {
            tenures().forEach(tenure -> tenure.deliveries().forEach(Delivery::interrupt));
            await(concurrency, GRACE);
        }
        if (enforcing != null) {
            enforcing.stop();
            enforcing.join(GRACE);
        }
        each(node -> node.close(deadline.plus(GRACE).minus(env.since(start)), GRACE));
    }

    /** All at once: a server that hangs makes nobody wait but its own node. */
    private void each(Consumer<Node> what) {
        List<Thread> threads = new ArrayList<>();
        for (Node node : nodes.subList(1, nodes.size())) {
            threads.add(Thread.ofPlatform().daemon().start(() -> what.accept(node)));
        }
        what.accept(nodes.get(0));
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
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
