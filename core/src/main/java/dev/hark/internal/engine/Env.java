package dev.hark.internal.engine;

import dev.hark.event.Event;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the engine takes from outside, so that a test can put its own in place.
 *
 * @param nanos a clock that never goes backwards, for lengths of time only
 * @param threads how threads of loops are made, and how all threads wait
 * @param random source of jitter; safe for several threads
 * @param ids makes ids that never come again: of sessions, senders, batches
 * @param handlers where handlers run, each task on a thread of its own; and nothing else, for handlers that never wait
 *     leave no carrier to other virtual threads
 * @param own where Hark's own work runs, each task on a thread of its own that no handler can starve
 * @param events where events go
 */
public record Env(
        LongSupplier nanos,
        Threads threads,
        RandomGenerator random,
        Supplier<String> ids,
        Executor handlers,
        Executor own,
        Consumer<Event> events) {

    private static final long FIRST_PAUSE = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toNanos();

    /** Between tries of what there was no memory for. */
    public static final long REST = Duration.ofMillis(100).toNanos();

    /** Time since a reading of {@link #nanos}. */
    public Duration since(long start) {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }

    /** How long to wait before trying again: doubling from 20 ms to 1 s, half of it by lot. */
    Duration backoff(int failures) {
        long full = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 10));
        return Duration.ofNanos(full / 2 + random.nextLong(full / 2 + 1));
    }

    /** Does what somebody relies on, again and again until there is memory for it. */
    public void insist(Runnable what) {
        while (true) {
            try {
                what.run();
                return;
            } catch (OutOfMemoryError e) {
                threads.rest(REST);
            }
        }
    }

    /** Waits before trying again; ends early when interrupted. */
    public void pause(int failures) {
        threads.pause(backoff(failures).toNanos());
    }
}
