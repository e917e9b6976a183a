package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.testing.Flood;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwnThreadsTest {

    private final OwnThreads threads = new OwnThreads("own-");
    private final Set<Thread> used = ConcurrentHashMap.newKeySet();

    @Test
    void oneThatIsIdleIsUsedAgainAndEndsInTheEnd() throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            threads.execute(() -> {
                used.add(Thread.currentThread());
                ran.countDown();
            });
            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(used).hasSizeLessThan(100).noneMatch(Thread::isVirtual).allMatch(Thread::isDaemon);
        await().atMost(Duration.ofSeconds(30)).until(() -> used.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void noneWaitsForAnother() throws InterruptedException {
        int all = 200;
        CountDownLatch running = new CountDownLatch(all);
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < all; i++) {
            threads.execute(() -> {
                running.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        go.countDown();
    }

    @Test
    void manyThreadsHandOverAndNothingIsLost() throws InterruptedException {
        int each = 20_000;
        CountDownLatch ran = new CountDownLatch(4 * each);
        for (int t = 0; t < 4; t++) {
            (t % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
                for (int i = 0; i < each; i++) {
                    threads.execute(ran::countDown);
                }
            });
        }

        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void handlersThatNeverWaitStopNothing() throws InterruptedException {
        Flood flood = Flood.ofAllCarriers();
        try {
            CountDownLatch ran = new CountDownLatch(1);
            threads.execute(ran::countDown);

            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            flood.close();
        }
    }
}
