package dev.hark.internal.engine;

import dev.hark.Health;
import dev.hark.event.Event;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs one step again and again on a platform thread of its own, which busy handlers cannot starve. Whatever a step
 * throws is reported, and the loop goes on after a pause. It ends by {@link #stop} alone: where reporting, pausing or
 * waiting fails as well, since there is no memory for it, nothing is done but to go on; nobody but the loop has a reason
 * to interrupt its thread, so an interrupt ends no more than a wait. A test can do without the thread and call the step
 * itself.
 */
public final class Loop {

    /** One round. Returns how long to wait before the next, unless woken. */
    public interface Step {
        Duration run() throws Exception;
    }

    private final String use;
    private final Duration round;
    private final Step step;
    private final Env env;

    private final ReentrantLock lock = new BriefLock(); // a handler's thread may wake it
    private final Condition changed = lock.newCondition();
    private boolean woken; // guarded by lock
    private final Semaphore over = new Semaphore(1); // a permit while it does not run; virtual threads may wait for it
    private volatile @Nullable Thread running; // written before it starts
    private volatile boolean stopped;
    private volatile long wellAt; // when a round last ended well, by env.nanos; written by the loop's thread
    private volatile long dueAt; // when the next one was due then; the same

    // owned by the loop's thread
    private int failures;
    private long failingSince;
    private @Nullable String reported;

    /**
     * Prepares a loop.
     *
     * @param use what it does, for events and as its thread's name
     */
    public Loop(String use, Step step, Env env) {
        this(use, Duration.ZERO, step, env);
    }

    /**
     * Prepares a loop whose rounds wait themselves.
     *
     * @param round how long one may take before it is late
     */
    public Loop(String use, Duration round, Step step, Env env) {
        this.use = use;
        this.round = round;
        this.step = step;
        this.env = env;
    }

    /** Starts the thread; throws what the JVM throws that cannot make one, and then nothing runs. */
    public void start() {
        ready();
        Thread thread = env.threads().loop("hark " + use, this::run);
        over.acquireUninterruptibly();
        try {
            running = thread;
            thread.start();
        } catch (Throwable e) {
            over.release();
            throw e;
        }
    }

    /** Starts the next round now. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the loop after the round that runs. */
    public void stop() {
        stopped = true;
        wake();
    }

    public boolean stopped() {
        return stopped;
    }

    /** Whether its step has called {@link System#exit}: it will not end. */
    public boolean exits() {
        Thread thread = running;
        return thread != null && Exits.isIn(thread);
    }

    /** Waits for the end of the round that runs after {@link #stop}; says whether it came in time. */
    public boolean join(Duration limit) {
        try {
            boolean ended = env.threads().acquire(over, 1, Math.max(0, limit.toNanos()));
            if (ended) {
                over.release();
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        while (!stopped) {
            try {
                await(round());
            } catch (Throwable e) { // what came of the step has been dealt with before: this came of dealing with it
                rest();
            }
        }
        over.release();
    }

    /** Needs no memory. */
    private void rest() {
        try {
            env.threads().pause(Env.REST);
        } catch (Throwable e) {
            // the next round comes at once
        }
    }

    private Duration round() {
        Thread.interrupted(); // a stranger's, or left behind by the last step: it would cut all waits short
        try {
            Duration wait = step.run();
            wellAt = env.nanos().getAsLong();
            dueAt = wellAt + wait.toNanos();
            if (failures > 0) {
                recovered();
            }
            return wait;
        } catch (InterruptedException e) {
            return Duration.ZERO; // as above
        } catch (Throwable e) { // a step may throw what it need not declare
            int before = failures++; // first, since what follows may fail
            if (!stopped) {
                report(e, before);
            }
            return env.backoff(before);
        }
    }

    private void recovered() {
        boolean said = reported != null;
        failures = 0;
        reported = null;
        if (said) {
            env.events().accept(new Event.ConnectionRegained(use, env.since(failingSince)));
        }
    }

    /** Says once what is wrong, and again only when it is something else. */
    private void report(Throwable e, int before) {
        if (before == 0) {
            failingSince = env.nanos().getAsLong();
        }
        String what = Thrown.message(e);
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
            // a stranger's: the next round comes early
        } finally {
            lock.unlock();
        }
    }

    private void ready() {
        wellAt = env.nanos().getAsLong();
        dueAt = wellAt;
    }

    /** How it is doing: a loop that waits as it should is never late. */
    public Health.Loop health() {
        long late = env.nanos().getAsLong() - dueAt - round.toNanos();
        return new Health.Loop(use, env.since(wellAt), Duration.ofNanos(Math.max(0, late)));
    }
}
