package dev.hark.internal.engine;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets one delivery run alone in its process. A message that was in two lost sessions may be what killed them: run beside
 * others, it would burn their attempts too.
 */
public final class Solitude {

    /** How often a message must have been recovered to run alone. */
    static final int AFTER_RECOVERIES = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int ALL = Integer.MAX_VALUE;

    /** A lock for readers and writers would do, but up to Java 24 it has no more than 65,535 readers. */
    private final Semaphore room = new Semaphore(ALL, true); // fair: who wants all is not passed by those who want one

    /** Waits for a place beside others; to be left once. */
    Place beside() {
        room.acquireUninterruptibly();
        return new Place(1);
    }

    /** Waits for a place where nothing else runs; null if that could not be had in reasonable time. */
    @Nullable
    Place alone(Threads threads) {
        try {
            return threads.acquire(room, ALL, PATIENCE.toNanos()) ? new Place(ALL) : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Where one delivery runs. Leaving it again has no effect: its time may have been up before it ended. */
    final class Place {

        private final AtomicInteger taken;

        private Place(int taken) {
            this.taken = new AtomicInteger(taken);
        }

        void leave() {
            room.release(taken.getAndSet(0));
        }
    }
}
