package dev.hark.internal.engine;

import dev.hark.internal.engine.Store.ClaimSource;
import dev.hark.internal.engine.Store.Claimed;
import dev.hark.internal.engine.Store.Content;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Claims messages of some queues, never more than there are free handler slots: a permit is taken before each claim. A
 * blocking read over several queues may bring one of each; these wait for their permits here.
 */
final class Claimer implements Reaper.Claims {

    /** Finite, so that closing and pausing take effect; a command a second is what idling costs. */
    private static final Duration BLOCK = Duration.ofMillis(900);

    /** How long what was woken may take before it is looked at again. */
    private static final Duration WAKE_AGAIN = Duration.ofMillis(20);

    private static final int MAX_MESSAGES = 1_000;

    /** How many bytes a claim should bring: more would make everybody else wait for Redis. */
    private static final int MAX_BYTES = 1 << 20;

    private final Function<List<String>, ClaimSource> sources;
    private final Semaphore permits;
    private final boolean beside;
    private final Sessions sessions;
    private final Consumer<Claimed> dispatch;
    private final Runnable failed;
    private final Env env;
    private final Loop loop;

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private volatile long polledAt;
    private volatile boolean resting;
    private volatile ClaimSource source; // written by the loop
    private List<String> queues; // owned by the loop: those of the source
    private boolean idle = true; // owned by the loop: whether the last claim brought nothing
    private int appetite = 1; // owned by the loop: how many messages are likely to fit into MAX_BYTES

    /**
     * Prepares to claim.
     *
     * @param sources gives what claims of some of the queues
     * @param permits free handler slots; whoever finishes a dispatched message releases one
     * @param beside whether others claim for the same slots, and should not wait while this one waits with all of them
     * @param sessions under whose current one is claimed
     * @param failed told when a claim failed, so that what may be wrong is looked into
     * @param dispatch takes a claimed message; must not block
     */
    Claimer(
            List<String> queues,
            Function<List<String>, ClaimSource> sources,
            Semaphore permits,
            boolean beside,
            Sessions sessions,
            Consumer<Claimed> dispatch,
            Runnable failed,
            Env env) {
        this.queues = queues;
        this.sources = sources;
        source = sources.apply(queues);
        this.permits = permits;
        this.beside = beside;
        this.sessions = sessions;
        this.dispatch = dispatch;
        this.failed = failed;
        this.env = env;
        polledAt = env.nanos().getAsLong();
        loop = new Loop(
                "claiming from " + (queues.size() == 1 ? queues.get(0) : queues.size() + " queues"),
                () -> step(BLOCK),
                env);
    }

    void start() {
        loop.start();
    }

    /** Claims once, waiting at most so long for a message; returns how long to wait before the next time. */
    Duration step(Duration wait) throws InterruptedException {
        List<String> claimable = sessions.claimable();
        if (claimable.isEmpty()) {
            resting = true;
            return wait;
        }
        if (!claimable.equals(queues)) {
            source.close();
            source = sources.apply(claimable);
            queues = claimable;
        }
        if (!env.threads().acquire(permits, 1, wait.toNanos())) {
            resting = true;
            return Duration.ZERO;
        }
        resting = false;
        int slots = 1;
        int most = beside && idle ? 1 : Math.min(appetite, MAX_MESSAGES);
        while (slots < most && permits.tryAcquire()) {
            slots++;
        }
        try {
            if (!loop.stopped()) {
                slots = claim(slots, beside && !idle ? Duration.ZERO : wait);
            }
            return Duration.ZERO;
        } catch (StoreException e) { // no message was dispatched
            failed.run();
            if (e.kind() == Kind.NEWER_LAYOUT) {
                return WAKE_AGAIN; // the sweep that was just woken says which queue it is, and leaves it
            }
            throw e;
        } finally {
            permits.release(slots);
        }
    }

    /** Returns how many of the slots are left. */
    private int claim(int slots, Duration wait) {
        int left = slots;
        Session session = sessions.claiming();
        begun.incrementAndGet();
        try {
            List<Claimed> claimed = source.claim(session.id(), slots, wait);
            polledAt = env.nanos().getAsLong();
            idle = claimed.isEmpty();
            for (Claimed one : claimed) {
                if (left == 0) {
                    permits.acquireUninterruptibly();
                } else {
                    left--;
                }
                dispatch.accept(one);
            }
            adapt(claimed);
            return left;
        } finally {
            ended.set(begun.get());
            session.claimEnds();
        }
    }

    /** Starts with one message, and follows the size of the bodies that come. */
    private void adapt(List<Claimed> claimed) {
        long bytes = 0;
        for (Claimed one : claimed) {
            bytes += one.content() instanceof Content.Legible(Envelope envelope) ? envelope.body().length : 0;
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

    /** Whether it does not poll, since every handler slot is taken, or every queue was left. */
    boolean resting() {
        return resting;
    }

    Duration sincePoll() {
        return env.since(polledAt);
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
