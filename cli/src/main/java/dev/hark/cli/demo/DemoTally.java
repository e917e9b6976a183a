package dev.hark.cli.demo;

import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the demo saw happen to each message, by its number. Used by many threads. */
final class DemoTally {

    private final int messages;

    /** These are guarded by this object. */
    private final BitSet published = new BitSet();

    private int answered;

    private final BitSet handled = new BitSet();
    private int refused;
    private long lastNanos;

    /** Numbers of the poison messages, by queue and id. */
    private final Map<String, Integer> poison = new ConcurrentHashMap<>();

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    DemoTally(int messages) {
        this.messages = messages;
    }

    int messages() {
        return messages;
    }

    synchronized void published(int n) {
        published.set(n);
        answered++;
        notifyAll();
    }

    synchronized void refused(Throwable cause) {
        answered++;
        notifyAll();
        refused++;
        failure.compareAndSet(null, cause);
    }

    synchronized void handled(int n) {
        handled.set(n);
        lastNanos = System.nanoTime();
    }

    void poisoned(String queue, String id, int n) {
        poison.put(queue + "/" + id, n);
    }

    /** Whether each publish has its answer. */
    synchronized boolean isPublished() {
        return published.cardinality() + refused == messages;
    }

    /** Waits until so many publishes are accepted or refused, but no longer than this. */
    synchronized void awaitAnswers(int publishes, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); answered < publishes && left > 0; ) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    synchronized int publishedCount() {
        return published.cardinality();
    }

    synchronized int handledCount() {
        return handled.cardinality();
    }

    /** When the last message was handled, by {@link System#nanoTime}. */
    synchronized long lastNanos() {
        return lastNanos;
    }

    /** The number of a message that is among the dead letters; -1 if no handler ever saw it. */
    int numberOf(String queue, String id) {
        return poison.getOrDefault(queue + "/" + id, -1);
    }

    /** How many were accepted and are neither handled nor among the dead. */
    synchronized int missing(BitSet dead) {
        BitSet missing = (BitSet) published.clone();
        missing.andNot(handled);
        missing.andNot(dead);
        return missing.cardinality();
    }

    /** Why the first message was not accepted; null if all were. */
    @Nullable
    Throwable failure() {
        return failure.get();
    }
}
