package dev.hark.internal.engine;

import java.time.Duration;
import java.util.Map;

/** A store under test, with what a test does to it from outside. */
public interface StoreRig extends AutoCloseable {

    Store store();

    /** The time by the store's clock. */
    long nowMillis();

    /** Adds an entry to a queue as a program without Hark does; returns the entry's id. */
    String addForeign(Address queue, Map<String, String> fields);

    /** Makes everything in a queue older by this: leases, due times, what is held, what is remembered of senders. */
    void age(Address queue, Duration by);

    /** Turns the store's clock, as far as leases and what is held in a queue can tell; to be looked at by a sweep. */
    void turnClock(Address queue, Duration by);

    /** Returns once a claim of this source waits for messages. */
    void awaitBlocked(ListenStore.ClaimSource source);

    @Override
    void close();
}
