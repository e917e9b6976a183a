package dev.hark.internal.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Sends items in batches, one on the wire at a time: while it is there, the next fills. Nothing waits for a timer, and
 * nothing waits at all when the wire is free.
 *
 * <p>Whoever adds an item while nobody is sending becomes the sender of one batch, on its own thread if it waits for the
 * result anyway. Then it passes the turn on to a thread of the executor, if more has been added, and only afterwards
 * tells the waiters, who may add again. A thread of the executor keeps the turn while there is more, and leaves telling
 * to another: so the wire is not idle meanwhile.
 *
 * @param <I> an item
 */
final class GroupCommit<I> {

    /** A batch with fixed content. */
    interface Batch {
        /** Tries to send it, the same each time; false when it must be tried again. */
        boolean attempt();

        /** Tells those who wait for it, after the turn has been passed on. */
        void tell();
    }

    private final Env env;
    private final int maxItems;
    private final int maxBytes;
    private final int bufferBytes;
    private final ToIntFunction<I> size;
    private final Function<List<I>, Batch> freeze;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<I> waiting = new ArrayDeque<>(); // guarded by lock, as all below
    private long waitingBytes;
    private boolean sending;
    private final Set<Thread> telling = new HashSet<>();
    private int untold; // batches that are sent and about to be told by another thread
    private boolean closed;

    /**
     * Prepares an empty buffer.
     *
     * @param maxItems how many items a batch takes
     * @param maxBytes how many bytes a batch takes; a larger item goes alone
     * @param bufferBytes how many bytes may wait before adding blocks
     * @param freeze makes a batch; called by one thread at a time
     */
    GroupCommit(
            Env env,
            int maxItems,
            int maxBytes,
            int bufferBytes,
            ToIntFunction<I> size,
            Function<List<I>, Batch> freeze) {
        this.env = env;
        this.maxItems = maxItems;
        this.maxBytes = maxBytes;
        this.bufferBytes = bufferBytes;
        this.size = size;
        this.freeze = freeze;
    }

    /**
     * Adds an item; blocks while the buffer is full.
     *
     * @param here whether the caller will wait for the result, so that its thread may send
     * @return false if closed, and then the item was not added
     */
    boolean add(I item, boolean here) {
        boolean myTurn;
        lock.lock();
        try {
            while (waitingBytes > bufferBytes && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return false;
            }
            waiting.add(item);
            waitingBytes += size.applyAsInt(item);
            myTurn = !sending;
            sending = true;
        } finally {
            lock.unlock();
        }
        if (myTurn && here) {
            send(nextBatch(), 0, true);
        } else if (myTurn) {
            env.executor().execute(() -> send(nextBatch(), 0, false));
        }
        return true;
    }

    private Batch nextBatch() {
        List<I> items = new ArrayList<>();
        lock.lock();
        try {
            long bytes = 0;
            for (I next = waiting.peek(); next != null; next = waiting.peek()) {
                int more = size.applyAsInt(next);
                if (!items.isEmpty() && (items.size() == maxItems || bytes + more > maxBytes)) {
                    break;
                }
                items.add(waiting.remove());
                bytes += more;
            }
            waitingBytes -= bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return freeze.apply(items);
    }

    private void send(Batch first, int failures, boolean onCallersThread) {
        Batch batch = first;
        while (true) {
            int tries = failures;
            while (!batch.attempt()) {
                if (onCallersThread) {
                    // a caller may be interrupted, or in no mood to wait: the rest is not its business
                    env.executor().execute(() -> {
                        env.pause(failures);
                        send(first, failures + 1, false);
                    });
                    return;
                }
                env.pause(tries++);
            }
            if (onCallersThread || !keepTurn()) {
                break;
            }
            Batch sent = batch;
            env.executor().execute(() -> tellElsewhere(sent));
            batch = nextBatch();
        }
        boolean outermost = passOn(); // not so when a callback has added and waits
        tell(batch, outermost);
    }

    /** Whether more waits, so that a thread of the executor goes on sending while another tells. */
    private boolean keepTurn() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                return false;
            }
            untold++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void tellElsewhere(Batch batch) {
        boolean outermost;
        lock.lock();
        try {
            untold--;
            outermost = telling.add(Thread.currentThread());
        } finally {
            lock.unlock();
        }
        tell(batch, outermost);
    }

    private void tell(Batch batch, boolean outermost) {
        try {
            batch.tell();
        } finally {
            if (outermost) {
                told();
            }
        }
    }

    private boolean passOn() {
        boolean more;
        boolean outermost;
        lock.lock();
        try {
            more = !waiting.isEmpty();
            sending = more;
            outermost = telling.add(Thread.currentThread());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (more) {
            env.executor().execute(() -> send(nextBatch(), 0, false));
        }
        return outermost;
    }

    private void told() {
        lock.lock();
        try {
            telling.remove(Thread.currentThread());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing is waiting or being sent, and all have been told but those who are told on this thread, who may
     * ask for it; says whether that came in time.
     */
    boolean awaitIdle(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (sending || untold > 0 || telling.size() > (telling.contains(Thread.currentThread()) ? 1 : 0)) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, and returns what was not yet in a batch. */
    List<I> close() {
        lock.lock();
        try {
            closed = true;
            List<I> left = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }
}
