package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Beside others, or alone. */
class SolitudeTest {

    private final Solitude solitude = new Solitude();
    private final CountDownLatch go = new CountDownLatch(1);

    private void hold() {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void asManyRunBesideEachOtherAsAlistenerMayHave() throws InterruptedException {
        int most = 100_000;
        AtomicInteger failed = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(most);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < most; i++) {
                threads.execute(() -> {
                    try {
                        Solitude.Place place = solitude.beside();
                        running.countDown();
                        hold();
                        place.leave();
                    } catch (Error e) {
                        failed.incrementAndGet();
                        running.countDown();
                    }
                });
            }
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            go.countDown();
        }
        assertThat(failed).hasValue(0);
    }

    @Test
    void whileOneRunsAloneNobodyElseDoes() throws InterruptedException {
        AtomicBoolean alone = new AtomicBoolean();
        AtomicBoolean disturbed = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        Thread hermit = Thread.ofVirtual().start(() -> {
            Solitude.Place place = solitude.alone(Threads.PLATFORM);
            alone.set(true);
            begun.countDown();
            hold();
            alone.set(false);
            place.leave();
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        Thread other = Thread.ofPlatform().start(() -> {
            Solitude.Place place = solitude.beside();
            disturbed.set(alone.get());
            place.leave();
        });
        await().until(() -> other.getState() == Thread.State.WAITING);

        go.countDown();
        hermit.join();
        other.join();

        assertThat(disturbed).isFalse();
    }

    @Test
    void whoCannotBeAloneGetsNoPlace() {
        Solitude.Place other = solitude.beside();

        assertThat(solitude.alone(Threads.PLATFORM)).isNull();

        other.leave();
        assertThat(solitude.alone(Threads.PLATFORM)).isNotNull();
    }

    @Test
    void leavingTwiceMakesNoRoomForTwo() {
        solitude.beside().leave();
        Solitude.Place twice = solitude.beside();
        Solitude.Place other = solitude.beside();

        twice.leave();
        twice.leave();

        assertThat(solitude.alone(Threads.PLATFORM)).isNull();
        other.leave();
        assertThat(solitude.alone(Threads.PLATFORM)).isNotNull();
    }
}
