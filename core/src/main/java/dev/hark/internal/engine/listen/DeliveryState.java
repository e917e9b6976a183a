package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.BriefLock;
import dev.hark.internal.engine.listen.Isolation.Place;
import dev.hark.internal.engine.message.Envelope;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How far a delivery has come: changed by its own thread, by the one that watches handlers, and by the one that closes. */
final class DeliveryState {

    /** In this order, but for those that are left out. */
    private enum Stage {
        /** Nothing was done with it yet. */
        CLAIMED,
        /** It has not begun and never will. */
        GIVEN_BACK,
        /** Its outcome is being found out. */
        BEGUN,
        /** So it is, by its handler. */
        RUNNING,
        /** Its handler runs although the time was up: the attempt was settled as failed. */
        TIMED_OUT,
        /** Its handler has ended. */
        ENDED,
        /** Nobody here settles it any more: its session ends, and hands it over. */
        ABANDONED
    }

    /** An attempt whose handler runs. */
    record Attempt(Thread thread, Envelope envelope, int number, Place place, long since) {}

    /** What follows when a handler has ended. */
    enum Afterwards {
        SETTLE,
        TELL_OF_LATE_RESULT,
        NOTHING
    }

    private final ReentrantLock lock = new BriefLock();
    private Stage stage = Stage.CLAIMED; // guarded by lock, as all below
    private @Nullable Attempt attempt; // while its handler runs
    private boolean ending; // it enters no handler any more
    private boolean slotFreed;
    private boolean noted; // its outcome is with the settler

    /**
     * Whether it has begun, or does so now, rather than been given back. Asked as late as can be: until then a thread may lose
     * its carrier for as long as handlers compute, with nothing to interrupt.
     */
    boolean begins() {
        lock.lock();
        try {
            if (stage == Stage.CLAIMED) {
                stage = Stage.BEGUN;
            }
            return stage != Stage.GIVEN_BACK && stage != Stage.ABANDONED;
        } finally {
            lock.unlock();
        }
    }

    boolean waitsToBegin() {
        lock.lock();
        try {
            return stage == Stage.CLAIMED;
        } finally {
            lock.unlock();
        }
    }

    /** Gives it back unless it has begun. */
    boolean giveBack() {
        lock.lock();
        try {
            if (stage != Stage.CLAIMED) {
                return false;
            }
            stage = Stage.GIVEN_BACK;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Enters the handler, unless its session ends: then it can still be given back. */
    boolean enter(Attempt entering) {
        lock.lock();
        try {
            if (ending) {
                return false;
            }
            stage = Stage.RUNNING;
            attempt = entering;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the attempt while its handler runs: interrupts it, and leaves what follows to the caller. */
    boolean timeOut(Attempt late) {
        lock.lock();
        try {
            if (stage != Stage.RUNNING) {
                return false;
            }
            stage = Stage.TIMED_OUT;
            late.thread.interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the handler. */
    Afterwards leave() {
        lock.lock();
        try {
            attempt = null;
            Thread.interrupted(); // a late interrupt is not for whoever runs here next
            Stage was = stage;
            if (was == Stage.ABANDONED) {
                return Afterwards.NOTHING;
            }
            stage = Stage.ENDED;
            return was == Stage.TIMED_OUT ? Afterwards.TELL_OF_LATE_RESULT : Afterwards.SETTLE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Interrupts the handler, if it has entered it; from now on nobody here settles what comes of it. Else it enters none, and
     * is given back.
     */
    void abandon() {
        lock.lock();
        try {
            ending = true;
            if (stage.compareTo(Stage.RUNNING) >= 0) {
                stage = Stage.ABANDONED;
            }
            if (attempt != null) {
                attempt.thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The attempt whose handler runs within its time. */
    @Nullable
    Attempt inTime() {
        lock.lock();
        try {
            return stage == Stage.RUNNING ? attempt : null;
        } finally {
            lock.unlock();
        }
    }

    /** The thread that is in the handler. */
    @Nullable
    Thread handling() {
        lock.lock();
        try {
            return attempt == null ? null : attempt.thread;
        } finally {
            lock.unlock();
        }
    }

    void note() {
        lock.lock();
        try {
            noted = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is to be noted any more. */
    boolean over() {
        lock.lock();
        try {
            return noted || ending;
        } finally {
            lock.unlock();
        }
    }

    /** Whether its slot is freed now, rather than before. */
    boolean freesSlot() {
        lock.lock();
        try {
            boolean first = !slotFreed;
            slotFreed = true;
            return first;
        } finally {
            lock.unlock();
        }
    }
}
