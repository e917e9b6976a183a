package dev.hark.internal.memory;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Claims from some queues, waiting on the store's condition while they are empty. */
final class MemoryClaims implements ClaimSource {

    /** How the store is asked; the lock is held. */
    interface Taker {
        List<Claimed> take(List<Address> queues, String session, int max);
    }

    private final ReentrantLock lock;
    private final Condition arrived;
    private final Taker taker;
    private final Predicate<List<Address>> looker;
    private final List<Address> queues;
    private final Threads threads;

    // guarded by the lock
    private int turn; // which queue is asked first, in turn, so that a busy one starves no other
    private boolean blocked;
    private boolean woken;
    private boolean closed;

    MemoryClaims(
            ReentrantLock lock,
            Condition arrived,
            Taker taker,
            Predicate<List<Address>> looker,
            List<Address> queues,
            Threads threads) {
        this.lock = lock;
        this.arrived = arrived;
        this.taker = taker;
        this.looker = looker;
        this.queues = List.copyOf(queues);
        this.threads = threads;
    }

    @Override
    public List<Claimed> claim(String session, int max, Duration wait) {
        List<Claimed> claimed = new ArrayList<>();
        waiting(queues.size() == 1 ? wait : Duration.ZERO, () -> {
            claimed.addAll(taker.take(inTurn(), session, max));
            return !claimed.isEmpty();
        });
        return claimed;
    }

    @Override
    public boolean await(Duration wait) {
        return waiting(wait, () -> looker.test(queues));
    }

    /** All who wait are told of each message. */
    @Override
    public void passOn() {}

    private boolean waiting(Duration wait, BooleanSupplier there) {
        lock.lock();
        try {
            long left = wait.toNanos();
            woken = false;
            while (true) {
                if (closed) {
                    throw new StoreException(Kind.NOT_NOW, "the claiming of " + queues + " was closed", null);
                }
                if (there.getAsBoolean()) {
                    return true;
                }
                if (woken || left <= 0) {
                    return false;
                }
                blocked = true;
                left = threads.await(arrived, left);
                blocked = false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            blocked = false;
            lock.unlock();
        }
    }

    private List<Address> inTurn() {
        turn = (turn + 1) % queues.size();
        List<Address> order = new ArrayList<>(queues);
        Collections.rotate(order, -turn);
        return order;
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            woken = blocked;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** For tests: whether a claim waits now. */
    boolean blocked() {
        lock.lock();
        try {
            return blocked;
        } finally {
            lock.unlock();
        }
    }
}
