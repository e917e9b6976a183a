package dev.hark.internal.engine.listen;

import dev.hark.Health;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.engine.listen.Gates.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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

    /** How often it is looked whether handlers begin, and end in time. What stands still in two looks stands still. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Map<Address, HandlerBinding<?>> bindings = new LinkedHashMap<>();
    private final Plan plan;
    private final Isolation isolation;
    private final Env env;
    private final Executor handlers;
    private final Semaphore permits;
    private final Gates gates = new Gates(this::wake);
    private final List<Node> nodes = new ArrayList<>();
    private final Set<Delivery> overdue = ConcurrentHashMap.newKeySet(); // handlers whose time is up, and which go on
    private final Delivery.Slots slots = new Delivery.Slots() {
        @Override
        public void overdue(Delivery delivery) {
            overdue.add(delivery);
            if (closing) {
                delivery.freeSlot(); // its attempt is settled: nobody waits for it
            }
        }

        @Override
        public void free(Delivery delivery) {
            overdue.remove(delivery);
            permits.release();
        }
    };
    private final Loop watching;
    private volatile boolean closing;

    private Set<Delivery> waited =
            Set.of(); // owned by the watching loop, as all below: what had not begun at the last look
    private volatile boolean stalled;
    private volatile long stalledAt;
    private volatile boolean probed = true; // written by a handler's thread: that handlers begin

    /**
     * What a listener is asked to do.
     *
     * @param bindings what to do with the messages of each queue
     * @param concurrency how many handlers may run at once
     * @param timeout how long a handler may run, or null for as long as it likes
     * @param platformThreads whether handlers run on threads of the platform, instead of virtual ones
     */
    public record Plan(
            List<HandlerBinding<?>> bindings,
            int concurrency,
            @Nullable Duration timeout,
            boolean platformThreads) {}

    /** Prepares; nothing is sent yet. */
    public Listening(Plan plan, Duration lease, Isolation isolation, QueueConfigs configs, ListenStore store, Env env) {
        plan.bindings.forEach(one -> bindings.put(one.queue(), one));
        this.plan = plan;
        this.isolation = isolation;
        this.env = env;
        handlers = plan.platformThreads ? Threads.own("hark-handler-") : env.handlers();
        permits = new Semaphore(plan.concurrency, true); // in turn: of many who claim none is forgotten
        Map<String, List<List<Address>>> byNode = new LinkedHashMap<>();
        for (List<Address> group : store.groups(List.copyOf(bindings.keySet()))) {
            byNode.computeIfAbsent(store.node(group.get(0)), it -> new ArrayList<>())
                    .add(group);
        }
        byNode.values()
                .forEach(groups -> nodes.add(new Node(
                        groups,
                        permits,
                        byNode.size() > 1,
                        gates,
                        this::dispatch,
                        this::mostAttempts,
                        lease,
                        configs,
                        store,
                        env)));
        watching = new Loop("watching handlers", this::watch, env);
    }

    /** Registers with the store and starts; throws {@link StoreException} if that fails, and then nothing runs. */
    public void start() {
        try {
            claimGroups().forEach(ClaimGroup::open);
        } catch (StoreException e) {
            nodes.forEach(node -> node.end(failure -> {})); // what of it was registered lapses otherwise
            throw e;
        }
        Deadline now = new Deadline(Duration.ZERO, env);
        Runnable ending = () -> close(now);
        isolation.add(gates);
        try {
            nodes.forEach(Node::start);
            watching.start();
        } catch (Throwable e) { // the JVM can make no more threads: half a listener would claim without a lease
            env.insist(ending);
            throw e;
        }
    }

    private void wake() {
        claimGroups().forEach(ClaimGroup::wake);
    }

    private int mostAttempts(Address queue) {
        return Objects.requireNonNull(bindings.get(queue)).retry().mostAttempts();
    }

    /** Never throws, since the claimer would not know which of its slots are taken. */
    private void dispatch(Claimed claimed, InFlight inFlight) {
        Delivery delivery = null;
        try {
            HandlerBinding<?> binding = Objects.requireNonNull(bindings.get(claimed.queue()));
            delivery = new Delivery(claimed, binding, inFlight, isolation, () -> !closing, slots, env);
            inFlight.begin(claimed, delivery);
            handlers.execute(delivery);
        } catch (Throwable e) { // no memory for it, or no thread
            if (delivery == null) {
                permits.release();
            } else if (!givenBack(delivery)) {
                inFlight.forget(claimed.entry());
                delivery.freeSlot();
            }
            complain(claimed, e);
        }
    }

    private static boolean givenBack(Delivery delivery) {
        try {
            return delivery.giveBack();
        } catch (Throwable worse) { // there is no memory for that either
            return false;
        }
    }

    private void complain(Claimed claimed, Throwable e) {
        try {
            env.events()
                    .accept(new Event.Trouble(
                            "beginning with entry " + claimed.entry() + " of queue "
                                    + claimed.queue().name() + "; it is given back, at the latest within two leases",
                            e));
        } catch (Throwable worse) {
            // there is no memory to tell it
        }
    }

    /** Ends what runs for longer than it may, and looks whether handlers begin; returns how long until the next look. */
    private Duration watch() {
        Duration next = LOOK;
        Set<Delivery> waiting = new HashSet<>();
        Duration timeout = plan.timeout;
        for (Delivery delivery : deliveries()) {
            if (timeout != null) {
                Duration left = delivery.enforce(timeout);
                next = left.compareTo(next) < 0 ? left : next;
            }
            if (delivery.waitsFor(LOOK)) {
                waiting.add(delivery);
            }
        }
        if (waiting.stream().anyMatch(waited::contains)) {
            probe();
        }
        waited = waiting;
        judge(waiting);
        return next;
    }

    /** Gives the next free thread something that shows that it is free. */
    private void probe() {
        if (probed) {
            probed = false;
            try {
                handlers.execute(() -> probed = true);
            } catch (Throwable e) { // nothing would tell that handlers begin again, and nothing be claimed any more
                probed = true;
                throw e;
            }
        }
    }

    /** Claims nothing while handlers do not begin, or while all slots are held by such as should have ended. */
    private void judge(Set<Delivery> waiting) {
        boolean lost = overdue.size() >= plan.concurrency;
        if (probed && !lost) {
            if (stalled) {
                stalled = false;
                gates.openAll(Reason.STALLED);
                env.events().accept(new Event.HandlersGoOn(names(), env.since(stalledAt)));
            }
            return;
        }
        int givenBack = 0;
        for (Delivery delivery : waiting) {
            givenBack += delivery.giveBack() ? 1 : 0;
        }
        if (!stalled) {
            stalledAt = env.nanos().getAsLong();
            stalled = true;
            gates.closeAll(Reason.STALLED);
            env.events().accept(new Event.HandlersStalled(names(), givenBack, overdue.size()));
        }
    }

    private List<String> names() {
        return bindings.keySet().stream().map(Address::name).toList();
    }

    private List<ClaimGroup> claimGroups() {
        return nodes.stream().flatMap(node -> node.claimGroups().stream()).toList();
    }

    private List<InFlight> inFlights() {
        return claimGroups().stream()
                .flatMap(claimGroup -> claimGroup.sessions().stream())
                .flatMap(session -> session.inFlights().stream())
                .toList();
    }

    private List<Delivery> deliveries() {
        List<Delivery> all = new ArrayList<>();
        inFlights().forEach(inFlight -> inFlight.deliveries().forEach(all::add));
        return all;
    }

    /** How long ago the store last answered, of the claim group for which that is longest; or since when handlers stand still. */
    public Duration sincePoll() {
        Duration polled = claimGroups().stream()
                .map(ClaimGroup::sincePoll)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Duration still = stalled ? env.since(stalledAt) : Duration.ZERO;
        return still.compareTo(polled) > 0 ? still : polled;
    }

    /** Of all its loops. */
    public Health health() {
        List<Health.Loop> all = new ArrayList<>();
        nodes.forEach(node -> node.loops().forEach(loop -> all.add(loop.health())));
        all.add(watching.health());
        return new Health(sincePoll(), all);
    }

    /** Closes, once; handlers may go on until the deadline, which may come nearer meanwhile. */
    public void close(Deadline deadline) {
        List<Runnable> steps = List.of( // made first: a close that has begun comes to its end
                () -> claimGroups().forEach(ClaimGroup::stopClaiming),
                () -> each(node -> node.joinClaiming(GRACE)),
                () -> deliveries().forEach(Delivery::giveBack),
                () -> overdue.forEach(Delivery::freeSlot), // their attempts are settled: nobody waits for them
                () -> finish(deadline),
                watching::stop,
                () -> watching.join(GRACE),
                () -> isolation.remove(gates),
                () -> each(node -> node.close(deadline.left().plus(GRACE), GRACE)));
        closing = true;
        steps.forEach(env::insist);
    }

    private void finish(Deadline deadline) {
        if (!quiet(deadline)) {
            deliveries().forEach(Delivery::abandon);
            await(plan.concurrency, GRACE);
        }
    }

    /** Waits until no handler runs that anybody should wait for; says whether that came in time. */
    private boolean quiet(Deadline deadline) {
        boolean quiet;
        Duration left;
        do {
            deliveries().forEach(Delivery::letExit);
            left = deadline.left();
            // All permits are back when nothing runs. What runs although all is settled is an observer, and one that
            // ends the JVM waits for this.
            quiet = await(plan.concurrency, left.compareTo(LOOK) < 0 ? left : LOOK)
                    || deliveries().isEmpty();
        } while (!quiet && left.compareTo(LOOK) > 0 && !Thread.currentThread().isInterrupted());
        return quiet;
    }

    /** All at once: a server that hangs makes nobody wait but its own node. */
    private void each(Consumer<Node> what) {
        List<Thread> threads = new ArrayList<>();
        for (Node node : nodes.subList(1, nodes.size())) {
            threads.add(Threads.platform("hark-closing").start(() -> env.insist(() -> what.accept(node))));
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
