package dev.hark.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Computations that never wait: with as many as there are processors, no other virtual thread gets a carrier. */
public final class Flood implements AutoCloseable {

    private final AtomicInteger computing = new AtomicInteger();
    private volatile boolean over;

    /** Computes until this is closed. */
    public void compute() {
        computing.incrementAndGet();
        while (!over) {
            Thread.onSpinWait();
        }
        computing.decrementAndGet();
    }

    /** How many use up all carriers: the build says how many there are, as the number of processors may change meanwhile. */
    public static int carriers() {
        return Integer.getInteger(
                "jdk.virtualThreadScheduler.maxPoolSize", Runtime.getRuntime().availableProcessors());
    }

    /** Uses up all carriers, until it is closed. */
    public static Flood ofAllCarriers() {
        Flood flood = new Flood();
        for (int i = 0; i < carriers(); i++) {
            Thread.ofVirtual().start(flood::compute);
        }
        try {
            flood.awaitFull();
        } catch (RuntimeException e) {
            flood.close();
            throw e;
        }
        return flood;
    }

    /** Waits until all carriers are used up. */
    public void awaitFull() {
        await().atMost(Duration.ofSeconds(30)).until(() -> computing.get() == carriers());
    }

    @Override
    public void close() {
        over = true;
        await().atMost(Duration.ofSeconds(30)).until(() -> computing.get() == 0);
    }
}
