package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.testing.Flood;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BriefLockTest {

    private final BriefLock lock = new BriefLock();

    /** In a queue it would be the first, and never take its turn. */
    @Test
    @SuppressWarnings("LockNotBeforeTry") // nothing in between fails
    void whoHasNoCarrierHoldsNobodyUp() throws InterruptedException {
        CountDownLatch trying = new CountDownLatch(1);
        lock.lock();
        Thread starved = Thread.ofVirtual().unstarted(() -> {
            trying.countDown();
            lock.lock();
            lock.unlock();
        });
        Thread next = Thread.ofPlatform().daemon().unstarted(() -> {
            lock.lock();
            lock.unlock();
        });

        starved.start();
        trying.await();
        Flood flood = Flood.ofAllCarriers(); // its carrier, too: so it has found the lock taken
        try {
            next.start();
            while (!lock.hasQueuedThread(next)) {
                Thread.onSpinWait();
            }
            lock.unlock();

            next.join(30_000);

            assertThat(next.isAlive()).isFalse();
        } finally {
            flood.close();
        }
        starved.join(30_000);
        assertThat(starved.isAlive()).isFalse();
    }

    @Test
    void onlyOneHasIt() throws InterruptedException {
        int[] sum = new int[1];
        AtomicInteger ended = new AtomicInteger();
        Thread[] threads = new Thread[6];
        for (int i = 0; i < threads.length; i++) {
            Runnable counting = () -> {
                for (int n = 0; n < 10_000; n++) {
                    lock.lock();
                    try {
                        sum[0]++;
                    } finally {
                        lock.unlock();
                    }
                }
                ended.incrementAndGet();
            };
            threads[i] = i % 2 == 0
                    ? Thread.ofVirtual().start(counting)
                    : Thread.ofPlatform().start(counting);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(ended).hasValue(6);
        assertThat(sum[0]).isEqualTo(60_000);
    }
}
