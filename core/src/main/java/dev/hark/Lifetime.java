package dev.hark;

import dev.hark.error.ClosedException;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.engine.publish.Publisher;
import dev.hark.internal.engine.publish.Publishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a {@link Hark} has running, and how it ends: listeners first, then publishers, then the store. */
final class Lifetime {

    private final Store store;
    private final Env env;
    private final Duration closeTimeout;
    private final QueueConfigs configs;
    private final Map<String, Publishers> publishers = new ConcurrentHashMap<>();
    private final Set<RunningListener> listeners = ConcurrentHashMap.newKeySet();

    /** Whoever starts something holds it for reading, so that closing misses nothing. */
    private final ReentrantReadWriteLock starting = new ReentrantReadWriteLock();

    private volatile boolean closed; // written with that lock held for writing
    private final CountDownLatch ended = new CountDownLatch(1);

    Lifetime(QueueConfigs configs, Store store, Env env, Duration closeTimeout) {
        this.configs = configs;
        this.store = store;
        this.env = env;
        this.closeTimeout = closeTimeout;
    }

    <R> R whileOpen(Supplier<R> start) {
        starting.readLock().lock();
        try {
            if (closed) {
                throw new ClosedException("this Hark was closed");
            }
            return start.get();
        } finally {
            starting.readLock().unlock();
        }
    }

    Publishers publishers(String queue) {
        return whileOpen(
                () -> publishers.computeIfAbsent(queue, it -> new Publishers(Address.of(it), configs, store, env)));
    }

    /** A listener that was started, until it is closed. */
    Listener running(Consumer<Deadline> close, Supplier<Health> health) {
        RunningListener listener = new RunningListener(
                closeTimeout, this::drain, limit -> new Deadline(limit, env), close, health, listeners::remove);
        listeners.add(listener);
        return listener;
    }

    /** See {@link Hark#close(Duration)}. */
    void close(Duration deadline) {
        // Not here: an interrupt would cut waits short, and could break a connection under what must be said last.
        // Threads of the platform, since handlers that never wait leave no other a processor.
        Thread asker = Thread.currentThread();
        Thread closing = Threads.platform("hark-closing").start(() -> {
            if (nowClosed()) {
                end(deadline, asker);
            } else {
                listeners.forEach(listener -> listener.beginClosing(deadline));
            }
        });
        boolean waitsForItself = starting.getReadHoldCount() > 0; // an observer closes what it was told of
        if (!waitsForItself) {
            join(closing);
        }
    }

    /** Whether it was open; whatever was starting has started then. */
    private boolean nowClosed() {
        starting.writeLock().lock();
        try {
            boolean open = !closed;
            closed = true;
            return open;
        } finally {
            starting.writeLock().unlock();
        }
    }

    private void end(Duration deadline, Thread asker) {
        try {
            long start = env.nanos().getAsLong();
            List<Thread> closing = new ArrayList<>();
            for (Listener listener : listeners) {
                closing.add(Threads.platform("hark-closing").start(() -> listener.close(deadline)));
            }
            closing.forEach(Lifetime::join);
            Duration passed = env.since(start);
            Duration left = deadline.compareTo(passed) > 0 ? deadline.minus(passed) : Duration.ZERO;
            closing.clear();
            for (Publishers ofQueue : publishers.values()) { // at once: each may wait for Redis
                for (Publisher publisher : ofQueue.end()) {
                    closing.add(Threads.platform("hark-closing").start(() -> publisher.close(left, asker)));
                }
            }
            closing.forEach(Lifetime::join);
        } finally {
            store.close();
            ended.countDown();
        }
    }

    /** Closes, and waits for the end also if another thread is closing: afterwards the JVM ends. */
    private void drain() {
        close(closeTimeout);
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
