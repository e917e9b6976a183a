package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.BriefLock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Why a listener claims nothing from a queue just now. A queue is claimed while nobody has a reason against it. */
final class Gates {

    /** Reasons not to claim; each is taken back by whoever gave it. */
    enum Reason {
        /** A newer program has taken the queue over. */
        NEWER_LAYOUT,
        /** One of its keys is of the wrong type. */
        BROKEN,
        /** What was done with its messages cannot be settled, or only too slowly. */
        UNSETTLED,
        /** A message that may have killed its process runs alone in this one, or is about to. */
        ISOLATION,
        /** Handlers do not begin: nothing lets them run. */
        STALLED
    }

    private final Runnable opened;
    private final ReentrantLock lock = new BriefLock();
    private final Map<Address, Set<Reason>> closed = new HashMap<>(); // guarded by lock, as all below
    private final Set<Reason> allClosed = EnumSet.noneOf(Reason.class);
    private volatile boolean allOpen = true; // written with the lock held

    /**
     * All open.
     *
     * @param opened told when a queue may be claimed again; must not block
     */
    Gates(Runnable opened) {
        this.opened = opened;
    }

    /** Closes the gate of a queue; says whether this reason is new. */
    boolean close(Address queue, Reason reason) {
        lock.lock();
        try {
            allOpen = false;
            return closed.computeIfAbsent(queue, it -> EnumSet.noneOf(Reason.class))
                    .add(reason);
        } finally {
            lock.unlock();
        }
    }

    /** Takes back a reason against a queue; says whether it stood. */
    boolean open(Address queue, Reason reason) {
        if (allOpen) {
            return false;
        }
        lock.lock();
        try {
            Set<Reason> reasons = closed.get(queue);
            if (reasons == null || !reasons.remove(reason)) {
                return false;
            }
            if (reasons.isEmpty()) {
                closed.remove(queue);
            }
            look();
        } finally {
            lock.unlock();
        }
        opened.run();
        return true;
    }

    /** Closes the gates of all queues; says whether this reason is new. */
    boolean closeAll(Reason reason) {
        lock.lock();
        try {
            allOpen = false;
            return allClosed.add(reason);
        } finally {
            lock.unlock();
        }
    }

    /** Takes back a reason against all queues; says whether it stood. */
    boolean openAll(Reason reason) {
        lock.lock();
        try {
            if (!allClosed.remove(reason)) {
                return false;
            }
            look();
        } finally {
            lock.unlock();
        }
        opened.run();
        return true;
    }

    private void look() {
        allOpen = closed.isEmpty() && allClosed.isEmpty();
    }

    /** Those of the queues that may be claimed. */
    List<Address> open(List<Address> queues) {
        if (allOpen) {
            return queues;
        }
        lock.lock();
        try {
            return allClosed.isEmpty()
                    ? queues.stream()
                            .filter(queue -> !closed.containsKey(queue))
                            .toList()
                    : List.of();
        } finally {
            lock.unlock();
        }
    }
}
