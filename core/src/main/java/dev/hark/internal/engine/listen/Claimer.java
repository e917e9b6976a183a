package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Claims messages of some queues, never more than there are free handler slots: a permit is taken before each claim. Who
 * has the slots to himself, and one queue, waits in the claim itself. Others wait without claiming and hold no slot
 * meanwhile, so that whoever has work can have it.
 */
final class Claimer implements Reaper.Claims {

    /** Finite, so that closing and pausing take effect; a command a second is what idling costs. */
    private static final Duration BLOCK = Duration.ofMillis(900);

    /** How long what was woken may take before it is looked at again. */
    private static final Duration WAKE_AGAIN = Duration.ofMillis(20);

    private static final int MAX_MESSAGES = 1_000;

    /** How many bytes a claim should bring: more would make everybody else wait for Redis. */
    private static final int MAX_BYTES = 1 << 20;

    private final Function<List<Address>, ClaimSource> sources;
    private final Semaphore permits;
    private final boolean direct;
    private final Sessions sessions;
    private final Gates gates;
    private final List<Address> all;
    private final BiConsumer<Claimed, InFlight> dispatch;
    private final Runnable failed;
    private final Env env;
    private final Loop loop;

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private volatile long polledAt;
    private volatile boolean resting;
    private volatile ClaimSource source; // written by the loop
    private List<Address> queues; // owned by the loop: those of the source
    private boolean idle = true; // owned by the loop: whether the last claim brought less than it might have
    private int used; // owned by the loop: how many slots the last claim has used
    private int appetite = 1; // owned by the loop: how many messages are likely to fit into MAX_BYTES

    /**
     * Prepares to claim.
     *
     * @param sources gives what claims of some of the queues
     * @param permits free handler slots, given out in turn; whoever finishes a dispatched message releases one
     * @param direct whether nobody else claims for these slots, and there is one queue
     * @param sessions under whose current one is claimed
     * @param gates which queues may be claimed
     * @param dispatch takes a claimed message, what holds it in flight, and one slot; must not block, and not throw either
     * @param failed told when a claim failed, so that what may be wrong is looked into
     */
    Claimer(
            List<Address> queues,
            Function<List<Address>, ClaimSource> sources,
            Semaphore permits,
            boolean direct,
            Sessions sessions,
            Gates gates,
            BiConsumer<Claimed, InFlight> dispatch,
            Runnable failed,
            Env env) {
        all = queues;
        this.queues = queues;
        this.sources = sources;
        source = sources.apply(queues);
        this.permits = permits;
        this.direct = direct;
        this.sessions = sessions;
        this.gates = gates;
        this.dispatch = dispatch;
        this.failed = failed;
        this.env = env;
        polledAt = env.nanos().getAsLong();
        loop = new Loop(
                "claiming from " + (queues.size() == 1 ? queues.get(0).name() : queues.size() + " queues"),
                BLOCK.multipliedBy(2), // it waits for a slot, and then for a message
                () -> step(BLOCK),
                env);
    }

    void start() {
        loop.start();
    }

    /** Claims once, waiting at most so long for a message; returns how long to wait before the next time. */
    Duration step(Duration wait) throws InterruptedException {
        List<Address> open = sessions.leased(gates.open(all));
        if (open.isEmpty()) {
            resting = true;
            return wait;
        }
        if (!open.equals(queues)) {
            ClaimSource before = source;
            source = sources.apply(open);
            queues = open;
            before.close();
        }
        try {
            if (!direct) {
                waitAndClaim(wait);
            } else if (takeSlot(wait)) {
                claim(wait);
            }
            return Duration.ZERO;
        } catch (StoreException e) { // no message was dispatched
            failed.run();
            if (e.kind() == Kind.NEWER_LAYOUT) {
                return WAKE_AGAIN; // the sweep that was just woken says which queue it is, and closes its gate
            }
            throw e;
        }
    }

    /** Waits, while some slot is free, without holding it: whoever has work takes it. */
    private void waitAndClaim(Duration wait) throws InterruptedException {
        boolean slot = false;
        if (idle) {
            if (!takeSlot(wait)) {
                return;
            }
            permits.release();
            boolean told = source.await(wait);
            polledAt = env.nanos().getAsLong();
            boolean go = !loop.stopped() && sessions.leased(gates.open(queues)).equals(queues);
            slot = told && go && takeSlot(Duration.ZERO);
            if (told && !slot) {
                source.passOn(); // another process may have a free one
                idle = false; // here it is claimed as soon as there is one
            }
            if (!go || told != slot) {
                return;
            }
        }
        if (slot || takeSlot(wait)) {
            claim(Duration.ZERO);
        }
    }

    private boolean takeSlot(Duration wait) throws InterruptedException {
        resting = !env.threads().acquire(permits, 1, wait.toNanos());
        return !resting;
    }

    /** With one slot taken: takes as many more as are free and likely to be used, and claims for them. */
    private void claim(Duration wait) throws InterruptedException {
        int slots = 1;
        used = 0;
        try {
            while (slots < Math.min(appetite, MAX_MESSAGES) && env.threads().acquire(permits, 1, 0)) {
                slots++;
            }
            if (!loop.stopped()) {
                claim(slots, wait);
            }
        } finally {
            permits.release(slots - used);
        }
    }

    private void claim(int slots, Duration wait) {
        Session session = sessions.claiming();
        begun.incrementAndGet();
        try {
            List<Claimed> claimed = source.claim(session.id(), slots, wait);
            polledAt = env.nanos().getAsLong();
            idle = claimed.size() < slots;
            for (Claimed one : claimed) {
                InFlight inFlight = session.inFlight(one.queue());
                used++; // whatever comes of the others
                dispatch.accept(one, inFlight);
            }
            adapt(claimed);
        } finally {
            ended.set(begun.get());
            session.claimEnds();
        }
    }

    /** Starts with one message, and follows the size of the bodies that come. */
    private void adapt(List<Claimed> claimed) {
        long bytes = 0;
        for (Claimed one : claimed) {
            bytes += one.bytes();
        }
        if (!claimed.isEmpty()) {
            long fits = MAX_BYTES / Math.max(1, bytes / claimed.size());
            appetite = (int) Math.max(1, Math.min(fits, Math.min(appetite * 8L, MAX_MESSAGES)));
        }
    }

    @Override
    public long begun() {
        return begun.get();
    }

    @Override
    public long ended() {
        return ended.get();
    }

    /** Whether it does not poll, since every handler slot is taken, or every gate is closed. */
    boolean resting() {
        return resting;
    }

    Duration sincePoll() {
        return env.since(polledAt);
    }

    /** Looks again at once which gates are open. */
    void wake() {
        loop.wake();
    }

    Loop loop() {
        return loop;
    }

    /** Claims no more; ends a wait that is under way. */
    void stop() {
        loop.stop();
        source.wake();
    }

    /** Waits until nothing more is dispatched. */
    void join(Duration limit) {
        long start = env.nanos().getAsLong();
        while (!loop.join(WAKE_AGAIN) && env.since(start).compareTo(limit) < 0) {
            source.wake(); // the wait may have begun right after it was woken
        }
        source.close();
    }
}
