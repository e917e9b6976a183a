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

    /** How long who wants to be alone is turned away before he gets a place beside what does not end. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final int ALL = Integer.MAX_VALUE;

    /** A lock for readers and writers would do, but up to Java 24 it has no more than 65,535 readers. */
    private final Semaphore room = new Semaphore(ALL, true); // fair: who wants all is not passed by those who want one

    private long waitingSince; // guarded by this, as all below
    private long deniedAt;
    private boolean denied;

    /** Waits for a place beside others; to be left once. */
    Place beside() {
        room.acquireUninterruptibly();
        return new Place(1);
    }

    /**
     * Waits for a place where nothing else runs; null if that could not be had in reasonable time. Once that has been so
     * for half a minute, something runs that may never end: then the place is one beside others.
     */
    @Nullable
    Place alone(Env env) {
        try {
            if (env.threads().acquire(room, ALL, PATIENCE.toNanos())) {
                found();
                return new Place(ALL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        return inVain(env) ? beside() : null;
    }

    private synchronized void found() {
        denied = false;
    }

    private synchronized boolean inVain(Env env) {
        if (!denied || env.since(deniedAt).compareTo(LONGEST_WAIT) > 0) {
            denied = true;
            waitingSince = env.nanos().getAsLong();
        }
        deniedAt = env.nanos().getAsLong();
        return env.since(waitingSince).compareTo(LONGEST_WAIT) >= 0;
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
