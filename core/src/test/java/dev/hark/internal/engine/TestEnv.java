package dev.hark.internal.engine;

import dev.hark.event.Event;
import dev.hark.testing.Events;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the engine takes from outside, in the hands of a test: a clock that it moves, ids in turn, events to see. */
public final class TestEnv {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // it overflows soon, as it may
    private final AtomicInteger ids = new AtomicInteger();
    private final Events events = new Events();

    /** With the test's clock. */
    public Env stepped(Executor executor) {
        return new Env(nanos::get, Threads.PLATFORM, new Random(1), this::nextId, executor, executor, events::on);
    }

    /** With the machine's clock, and a thread for each task. */
    public Env running() {
        return new Env(
                System::nanoTime,
                Threads.PLATFORM,
                new Random(1),
                this::nextId,
                Executors.newVirtualThreadPerTaskExecutor(),
                Threads.own("own-"),
                events::on);
    }

    private String nextId() {
        return "id" + ids.incrementAndGet();
    }

    public long now() {
        return nanos.get();
    }

    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    public <E extends Event> java.util.List<E> events(Class<E> type) {
        return events.of(type);
    }
}
