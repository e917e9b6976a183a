package dev.hark.internal.engine;

import dev.hark.Event;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs one step again and again on a platform thread of its own, which busy handlers cannot starve. Whatever a step
 * throws is reported, and the loop goes on after a pause. A test can do without the thread and call the step itself.
 */
final class Loop {

    /** One round. Returns how long to wait before the next, unless woken. */
    interface Step {
        Duration run() throws Exception;
    }

    private final String use;
    private final Step step;
    private final Env env;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken; // guarded by lock
    private boolean running; // guarded by lock
    private volatile boolean stopped;

    // owned by the loop's thread
    private int failures;
    private long failingSince;
    private @Nullable String reported;

    /**
     * Prepares a loop.
     *
     * @param use what it does, for events and as its thread's name
     */
    Loop(String use, Step step, Env env) {
        this.use = use;
        this.step = step;
        this.env = env;
    }

    void start() {
        lock.lock();
        try {
            running = true;
        } finally {
            lock.unlock();
        }
        env.threads().loop("hark " + use, this::run).start();
    }

    /** Starts the next round now. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the loop after the round that runs. */
    void stop() {
        stopped = true;
        wake();
    }

    boolean stopped() {
        return stopped;
    }

    /** Waits for the end of the round that runs after {@link #stop}; says whether it came in time. */
    boolean join(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (running && left > 0) {
                left = env.threads().await(changed, left);
            }
            return !running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!stopped) {
                await(round());
            }
        } finally {
            ended();
        }
    }

    private void ended() {
        lock.lock();
        try {
            running = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Duration round() {
        try {
            Duration wait = step.run();
            if (failures > 0) {
                if (reported != null) {
                    env.events().accept(new Event.ConnectionRegained(use, env.since(failingSince)));
                }
                failures = 0;
                reported = null;
            }
            return wait;
        } catch (Exception | Error e) {
            if (!stopped) {
                report(e);
            }
            return env.backoff(failures++);
        }
    }

    /** Says once what is wrong, and again only when it is something else. */
    private void report(Throwable e) {
        if (failures == 0) {
            failingSince = env.nanos().getAsLong();
        }
        String what = String.valueOf(e.getMessage());
        boolean connection = e instanceof StoreException failure && failure.transientFailure();
        if (connection ? reported == null : !what.equals(reported)) {
            env.events().accept(connection ? new Event.ConnectionLost(use, e) : new Event.Trouble(use, e));
            reported = what;
        }
    }

    private void await(Duration wait) {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (!woken && !stopped && left > 0) {
                left = env.threads().await(changed, left);
            }
            woken = false;
        } catch (InterruptedException e) {
            // nobody but a test interrupts this thread; stop() ends it
            stopped = true;
        } finally {
            lock.unlock();
        }
    }
}
