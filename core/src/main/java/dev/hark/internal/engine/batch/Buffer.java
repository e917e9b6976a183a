package dev.hark.internal.engine.batch;

import dev.hark.internal.engine.BriefLock;
import dev.hark.internal.engine.Env;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, who sends, and who has yet to be told: the state of a {@link GroupCommit} that threads share, behind
 * one lock.
 */
final class Buffer<I> {

    /** What came of adding an item. */
    enum Added {
        /** It was not added: the buffer is closed. */
        REFUSED,
        /** Whoever has the turn sends it. */
        QUEUED,
        /** The caller has the turn now. */
        TURN_TAKEN
    }

    /** What becomes of the turn when a batch has been sent. */
    enum Passing {
        /** Nothing waits: nobody has it. */
        FREE,
        /** Something waits, for another to send. */
        HANDED_ON,
        /** Something waits, and who has it goes on. */
        KEPT
    }

    private final Env env;
    private final BatchLimits<I> limits;
    private final int capacity;

    private final ReentrantLock lock = new BriefLock();
    private final Condition changed = lock.newCondition();

    @SuppressWarnings("JdkObsolete") // an ArrayDeque that has no memory to grow is empty afterwards
    private final Queue<I> waiting = new LinkedList<>(); // guarded by lock, as all below

    private long bytes;
    private CompletableFuture<?> room = new CompletableFuture<>(); // completed when less waits, and then replaced
    private boolean sending; // somebody has the turn
    private final List<Completion> completions = new ArrayList<>(); // that are to come, or under way
    private boolean closed;

    /**
     * Empty.
     *
     * @param capacity how many bytes may wait before adding blocks
     */
    Buffer(Env env, BatchLimits<I> limits, int capacity) {
        this.env = env;
        this.limits = limits;
        this.capacity = capacity;
    }

    /** Adds an item; blocks while the buffer is full. */
    Added add(I item) {
        int more = limits.bytesOf().applyAsInt(item);
        awaitRoomAndLock();
        try {
            if (closed) {
                return Added.REFUSED;
            }
            waiting.add(item);
            bytes += more;
            Added added = sending ? Added.QUEUED : Added.TURN_TAKEN;
            sending = true;
            return added;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks while the buffer is full. */
    void awaitRoom() {
        awaitRoomAndLock();
        lock.unlock();
    }

    /** Not by a condition: handlers publish, too, and would queue for the lock afterwards. */
    private void awaitRoomAndLock() {
        lock.lock();
        while (bytes > capacity && !closed) {
            CompletableFuture<?> awaited = room;
            lock.unlock();
            awaited.join();
            lock.lock();
        }
    }

    /** Moves items here if there is room; where there is no memory, what is left can be moved later. Says whether it is open. */
    boolean moveFrom(Queue<I> items) {
        lock.lock();
        try {
            if (!closed && bytes <= capacity) {
                for (I item = items.peek(); item != null; item = items.peek()) {
                    int more = limits.bytesOf().applyAsInt(item);
                    waiting.add(item);
                    bytes += more;
                    items.remove();
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the turn if nobody has it and something waits. */
    boolean takeTurn() {
        lock.lock();
        try {
            boolean mine = !sending && !waiting.isEmpty();
            sending |= mine;
            return mine;
        } finally {
            lock.unlock();
        }
    }

    /** Moves what goes together; may be called again for the same batch, where there was no memory for more of it. */
    void takeBatch(List<I> batch) {
        lock.lock();
        try {
            BatchLimits<I>.Count count = limits.new Count();
            batch.forEach(count::add);
            for (I next = waiting.peek(); next != null && count.takes(next); next = waiting.peek()) {
                int less = limits.bytesOf().applyAsInt(next);
                batch.add(next);
                waiting.remove();
                bytes -= less;
            }
            tellOfRoom();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a turn, or keeps it if that is wanted and something waits. */
    Passing passTurn(boolean keep) {
        lock.lock();
        try {
            boolean more = !waiting.isEmpty();
            sending = more;
            changed.signalAll();
            return !more ? Passing.FREE : keep ? Passing.KEPT : Passing.HANDED_ON;
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held. */
    private void tellOfRoom() {
        CompletableFuture<?> before = room;
        room = new CompletableFuture<>();
        before.complete(null);
    }

    /** Announces something that whoever waits until all is idle waits for as well, until it has run. */
    Runnable expect(Runnable what) {
        Completion completion = new Completion(what);
        lock.lock();
        try {
            completions.add(completion);
            return completion;
        } finally {
            lock.unlock();
        }
    }

    /** Runs as often as it takes until there is memory for all of it. */
    private final class Completion implements Runnable {

        private final Runnable what;
        private volatile @Nullable Thread by;

        Completion(Runnable what) {
            this.what = what;
        }

        @Override
        public void run() {
            by = Thread.currentThread();
            try {
                env.insist(what);
            } finally {
                lock.lock();
                try {
                    completions.remove(this);
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /**
     * Waits until nothing is waiting or being sent and every completion has run. Those that run on the asker's thread do not
     * count, since one of them may be asking.
     *
     * @return whether that came in time
     */
    boolean awaitIdle(Duration limit, Thread asker) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (busyBut(asker)) {
                if (left <= 0) {
                    return false;
                }
                left = env.threads().await(changed, left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean busyBut(Thread asker) {
        if (sending) {
            return true;
        }
        for (Completion completion : completions) {
            if (completion.by != asker) {
                return true;
            }
        }
        return false;
    }

    /** Takes nothing more, and returns what was not yet in a batch. */
    List<I> close() {
        lock.lock();
        try {
            List<I> left = List.copyOf(waiting);
            tellOfRoom();
            closed = true;
            waiting.clear();
            bytes = 0;
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }
}
