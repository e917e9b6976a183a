package dev.hark.internal.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the threads of loops, and waits for lengths of time. Nothing in the engine or the memory store waits by the clock
 * in any other way, so that a simulation can let time pass as it likes.
 */
public interface Threads {

    /** Threads of the platform, and its clock. */
    Threads PLATFORM = new Threads() {
        @Override
        public Thread loop(String name, Runnable task) {
            return Threads.platform(name).unstarted(task);
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
        public long await(Condition condition, long nanos) throws InterruptedException {
            return condition.awaitNanos(nanos);
        }

        @Override
        public boolean acquire(Semaphore semaphore, int permits, long nanos) throws InterruptedException {
            return semaphore.tryAcquire(permits, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void pause(long nanos) {
            LockSupport.parkNanos(nanos);
        }

        @Override
        @SuppressWarnings("ThreadPriorityCheck") // others may have the carrier meanwhile
        public void rest(long nanos) {
            if (!starvable()) {
                pause(nanos);
                return;
            }
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < nanos) {
                try {
                    Thread.yield();
                } catch (OutOfMemoryError e) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public boolean starvable() {
            return Thread.currentThread().isVirtual();
        }
    };

    /**
     * Threads for Hark's own tasks, which handlers cannot starve; they end when they have been idle for some seconds.
     *
     * @param name what their names begin with
     */
    static Executor own(String name) {
        return new OwnThreads(name);
    }

    /**
     * Makes threads of the platform, daemons. None of Hark's takes over anything from the thread that happens to make it: its
     * inherited thread-locals, a request's for one, would be kept and seen for as long as a listener or a pool lives, and its
     * context class loader would keep an application alive that is gone.
     */
    static Thread.Builder.OfPlatform platform(String name) {
        return Thread.ofPlatform().daemon().name(name).inheritInheritableThreadLocals(false);
    }

    /** Makes virtual threads, which take over as little. */
    static Thread.Builder.OfVirtual virtual() {
        return Thread.ofVirtual().inheritInheritableThreadLocals(false);
    }

    /** Makes a thread that busy handlers cannot starve; it has not started. */
    Thread loop(String name, Runnable task);

    /** Waits for a signal, like {@link Condition#awaitNanos}; returns about how much of the time is left. */
    long await(Condition condition, long nanos) throws InterruptedException;

    /** Waits for permits, like {@link Semaphore#tryAcquire(int, long, TimeUnit)}; says whether it got them. */
    boolean acquire(Semaphore semaphore, int permits, long nanos) throws InterruptedException;

    /** Lets time pass; ends early when interrupted. */
    void pause(long nanos);

    /**
     * Lets time pass where there may be no memory. A virtual thread must not park for a time then: from JDK 24 on its timer is
     * made after it has left its carrier, and one that no timer could be made for is never heard of again.
     */
    default void rest(long nanos) {
        pause(nanos);
    }

    /** Whether the current thread may come to a stop between any two steps, since handlers use up all carriers. */
    boolean starvable();
}
