package dev.hark.internal.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets one delivery run alone in its process. A message that was in two lost sessions may be what killed them: run beside
 * others, it would burn their attempts too.
 */
public final class Solitude {

    /** How often a message must have been recovered to run alone. */
    static final int AFTER_RECOVERIES = 2;

    private static final long PATIENCE_MILLIS = 2_000;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Runs beside others. */
    void beside(Runnable delivery) {
        lock.readLock().lock();
        try {
            delivery.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Runs while nothing else does; false if that could not be had in reasonable time, and nothing ran. */
    boolean alone(Runnable delivery) {
        try {
            if (!lock.writeLock().tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
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
            lock.writeLock().unlock();
        }
    }
}
