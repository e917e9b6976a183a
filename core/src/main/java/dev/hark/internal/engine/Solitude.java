package dev.hark.internal.engine;

import java.time.Duration;
import java.util.concurrent.Semaphore;

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

    /** Runs beside others. */
    void beside(Runnable delivery) {
        room.acquireUninterruptibly();
        try {
            delivery.run();
        } finally {
            room.release();
        }
    }

    /** Runs while nothing else does; false if that could not be had in reasonable time, and nothing ran. */
    boolean alone(Threads threads, Runnable delivery) {
        try {
            if (!threads.acquire(room, ALL, PATIENCE.toNanos())) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            delivery.run();
            return true;
        } finally {
            room.release(ALL);
        }
    }
}
