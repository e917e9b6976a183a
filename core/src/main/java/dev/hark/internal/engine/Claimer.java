package dev.hark.internal.engine;

import dev.hark.internal.engine.Store.ClaimSource;
import dev.hark.internal.engine.Store.Claimed;
import dev.hark.internal.engine.Store.Content;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Claims messages of some queues, never more than there are free handler slots: a permit is taken before each claim. A
 * blocking read over several queues may bring one of each; these wait for their permits here.
 */
final class Claimer implements Reaper.Claims {

    /** Finite, so that closing and pausing take effect; a command a second is what idling costs. */
    private static final Duration BLOCK = Duration.ofMillis(900);

    /** How long a wait that was ended may go on before it is ended again. */
    private static final Duration WAKE_AGAIN = Duration.ofMillis(20);

    private static final int MAX_MESSAGES = 1_000;

    /** How many bytes a claim should bring: more would make everybody else wait for Redis. */
    private static final int MAX_BYTES = 1 << 20;

    private final ClaimSource source;
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
    private volatile boolean full;
    private boolean idle = true; // owned by the loop: whether the last claim brought nothing
    private int appetite = 1; // owned by the loop: how many messages are likely to fit into MAX_BYTES

    /**
     * Prepares to claim.
     *
     * @param permits free handler slots; whoever finishes a dispatched message releases one
     * @param beside whether others claim for the same slots, and should not wait while this one waits with all of them
     * @param sessions under whose current one is claimed
     * @param failed told when a claim failed, so that what may be wrong is looked into
     * @param dispatch takes a claimed message; must not block
     */
    Claimer(
            List<String> queues,
            ClaimSource source,
            Semaphore permits,
            boolean beside,
            Sessions sessions,
            Consumer<Claimed> dispatch,
            Runnable failed,
            Env env) {
        this.source = source;
        this.permits = permits;
        this.beside = beside;
        this.sessions = sessions;
        this.dispatch = dispatch;
        this.failed = failed;
        this.env = env;
        polledAt = env.nanos().getAsLong();
        loop = new Loop(
                "claiming from " + (queues.size() == 1 ? queues.get(0) : queues.size() + " queues"),
                () -> {
                    step(BLOCK);
                    return Duration.ZERO;
                },
                env);
    }

    void start() {
        loop.start();
    }

    /** Claims once, waiting at most so long for a message. */
    void step(Duration wait) throws InterruptedException {
        if (!env.threads().acquire(permits, 1, wait.toNanos())) {
            full = true;
            return;
        }
        full = false;
        int slots = 1;
        int most = beside && idle ? 1 : Math.min(appetite, MAX_MESSAGES);
        while (slots < most && permits.tryAcquire()) {
            slots++;
        }
        try {
            if (!loop.stopped()) {
                slots = claim(slots, beside && !idle ? Duration.ZERO : wait);
            }
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
        } catch (StoreException e) {
            failed.run();
            throw e; // no message was dispatched
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

    /** Whether it does not poll because every handler slot is taken. */
    boolean full() {
        return full;
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
