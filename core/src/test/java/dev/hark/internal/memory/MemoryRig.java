package dev.hark.internal.memory;

import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreRig;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A store whose clock only moves by hand. */
class MemoryRig implements StoreRig {

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
    final MemoryStore store = new MemoryStore(clock::get, Threads.PLATFORM);

    @Override
    public Store store() {
        return store;
    }

    @Override
    public long nowMillis() {
        return clock.get();
    }

    @Override
    public String addForeign(Address queue, Map<String, String> fields) {
        return store.addForeign(queue, fields);
    }

    @Override
    public void age(Address queue, Duration by) {
        clock.addAndGet(by.toMillis());
        store.sweep(queue, "nobody", by.multipliedBy(3), ""); // for which leases need not move along
    }

    @Override
    public void turnClock(Address queue, Duration by) {
        clock.addAndGet(by.toMillis());
    }

    @Override
    public void awaitBlocked(ListenStore.ClaimSource source) {
        await().until(((MemoryClaims) source)::blocked);
    }

    @Override
    public void close() {
        store.close();
    }
}
