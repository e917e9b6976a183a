package dev.hark.internal.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for moments, by handlers' threads and Hark's own. A virtual thread does not queue for it but tries
 * again: in the queue, awake but without a carrier since handlers use them all up, it would hold up all behind it for as
 * long. So virtual threads must not wait for its conditions either, after which they queue.
 */
public final class BriefLock extends ReentrantLock {

    private static final long serialVersionUID = 1L;
    private static final int YIELDS = 100;
    private static final long A_MOMENT = 50_000; // ns

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // who holds it has a thread to run on
    public void lock() {
        if (Thread.currentThread().isVirtual()) {
            for (int tries = 0; !tryLock(); tries++) {
                if (tries < YIELDS) {
                    Thread.yield();
                } else {
                    LockSupport.parkNanos(A_MOMENT); // who only yields may keep its carrier from all others
                }
            }
        } else {
            super.lock();
        }
    }
}
