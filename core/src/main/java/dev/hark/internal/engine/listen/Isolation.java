package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.BriefLock;
import dev.hark.internal.engine.Env;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one delivery run alone in its process. A message that was in two lost sessions may be what killed them: run beside
 * others, it would burn their attempts too. While it runs, or waits for what runs to end, nothing else begins here:
 * listeners claim nothing, and give back what has not begun, so that other processes can take it.
 */
public final class Isolation {

    /** How often a message must have been recovered to run alone. */
    static final int AFTER_RECOVERIES = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** After so long without a quiet moment a message that should run alone runs beside others. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Less than the longest wait, after which one is no longer alone. */
    private static final long MOST_FOR_OTHERS = LONGEST_WAIT.dividedBy(2).toNanos();

    private final List<Gates> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new BriefLock();

    private int running; // guarded by lock, as all below
    private boolean taken; // one is alone, or waits to be
    private Semaphore quiet = new Semaphore(0); // of who waits to be alone: released when nothing runs
    private long waitingSince;
    private long deniedAt;
    private boolean denied;
    private long takenAt; // of who was alone last
    private long freedAt;
    private boolean wasTaken;

    /** A listener, whose gates are closed while one is alone. */
    void add(Gates gates) {
        lock.lock();
        try {
            listeners.add(gates);
            if (taken) {
                gates.closeAll(Gates.Reason.ISOLATION);
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(Gates gates) {
        listeners.remove(gates);
    }

    /** A place beside others, to be left once; null while one is alone, or waits to be. */
    @Nullable
    Place beside() {
        lock.lock();
        try {
            return taken ? null : besideOthers();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a place where nothing else runs; null if that could not be had in reasonable time. Once that has been so
     * for half a minute, something runs that may never end: then the place is one beside others.
     */
    @Nullable
    Place alone(Env env) {
        Place alone = new Place(env); // first: who has taken it gets it, or frees it
        Semaphore nothingRuns = take(env);
        boolean found = false;
        try {
            found = nothingRuns != null && await(nothingRuns, env);
        } finally {
            if (nothingRuns != null && !found) {
                alone.leave();
            }
        }
        lock.lock();
        try {
            if (found) {
                denied = false;
                return alone;
            }
            return inVain(env) ? besideOthers() : null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What tells that nothing else runs; null if another is alone already, or waits to be, or has been for longer than others
     * could run since: strangers may forge many that have to be alone.
     */
    private @Nullable Semaphore take(Env env) {
        lock.lock();
        try {
            long now = env.nanos().getAsLong();
            if (taken || (wasTaken && now - freedAt < Math.min(MOST_FOR_OTHERS, freedAt - takenAt))) {
                return null;
            }
            quiet = new Semaphore(running == 0 ? 1 : 0);
            taken = true;
            takenAt = now;
            listeners.forEach(gates -> gates.closeAll(Gates.Reason.ISOLATION));
            return quiet;
        } finally {
            lock.unlock();
        }
    }

    private static boolean await(Semaphore nothingRuns, Env env) {
        try {
            return env.threads().acquire(nothingRuns, 1, PATIENCE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Place besideOthers() {
        Place place = new Place(null); // first: what is counted is left again
        running++;
        return place;
    }

    private boolean inVain(Env env) {
        if (!denied || env.since(deniedAt).compareTo(LONGEST_WAIT) > 0) {
            denied = true;
            waitingSince = env.nanos().getAsLong();
        }
        deniedAt = env.nanos().getAsLong();
        return env.since(waitingSince).compareTo(LONGEST_WAIT) >= 0;
    }

    private void free(Env env) {
        taken = false;
        wasTaken = true;
        listeners.forEach(gates -> gates.openAll(Gates.Reason.ISOLATION));
        freedAt = env.nanos().getAsLong();
    }

    /** Where one delivery runs. Leaving it again has no effect: its time may have been up before it ended. */
    final class Place {

        private final @Nullable Env env; // of who is alone
        private final AtomicBoolean gone = new AtomicBoolean();

        private Place(@Nullable Env env) {
            this.env = env;
        }

        void leave() {
            if (gone.getAndSet(true)) {
                return;
            }
            lock.lock();
            try {
                if (env != null) {
                    free(env);
                } else {
                    running--;
                    if (running == 0) {
                        quiet.release();
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
