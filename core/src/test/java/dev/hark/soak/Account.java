package dev.hark.soak;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What was published and not yet handled, by number: as much memory as is under way, however long it goes on. */
final class Account {

    private final AtomicLong next = new AtomicLong();
    private final Set<Long> open = ConcurrentHashMap.newKeySet();
    private final Queue<Long> refused = new ConcurrentLinkedQueue<>();
    final AtomicLong handled = new AtomicLong();
    final AtomicLong repeated = new AtomicLong();
    final AtomicLong doubtful = new AtomicLong();

    /** A number to publish: one that was certainly not published before, or a new one. */
    long number() {
        Long again = refused.poll();
        if (again != null) {
            return again;
        }
        long number = next.incrementAndGet();
        open.add(number);
        return number;
    }

    void handled(long number) {
        (open.remove(number) ? handled : repeated).incrementAndGet();
    }

    void notPublished(long number) {
        refused.add(number);
    }

    /** It may come, or not. */
    void unknown(long number) {
        if (open.remove(number)) {
            doubtful.incrementAndGet();
        }
    }

    long issued() {
        return next.get();
    }

    int refused() {
        return refused.size();
    }

    /** What nobody has handled yet; at the end, what was lost. */
    Set<Long> open() {
        return open;
    }
}
