package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;

/** Beside others, or alone. */
class SolitudeTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Env env =
            new Env(nanos::get, new Impatient(), new Random(1), () -> "id", Runnable::run, Runnable::run, event -> {});
    private final Solitude solitude = new Solitude();
    private final CountDownLatch go = new CountDownLatch(1);

    /** Waits for nothing: what is not there at once does not come. */
    private static final class Impatient implements Threads {
        @Override
        public Thread loop(String name, Runnable task) {
            return Threads.PLATFORM.loop(name, task);
        }

        @Override
        public long await(Condition condition, long nanos) {
            return 0;
        }

        @Override
        public boolean acquire(Semaphore semaphore, int permits, long nanos) {
            return semaphore.tryAcquire(permits);
        }

        @Override
        public void pause(long nanos) {}

        @Override
        public boolean starvable() {
            return false;
        }
    }

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
            Solitude.Place place = solitude.alone(env);
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

        assertThat(solitude.alone(env)).isNull();

        other.leave();
        assertThat(solitude.alone(env)).isNotNull();
    }

    @Test
    void whoHasWaitedForLongGetsAplaceBesideWhatDoesNotEnd() {
        Solitude.Place endless = solitude.beside();
        Duration longerThanAsnooze = Solitude.LONGEST_WAIT.dividedBy(3);

        assertThat(solitude.alone(env)).as("at once").isNull();
        for (int i = 1; i < 3; i++) {
            nanos.addAndGet(longerThanAsnooze.toNanos());
            assertThat(solitude.alone(env)).as("too early").isNull();
        }
        nanos.addAndGet(longerThanAsnooze.toNanos());
        Solitude.Place beside = solitude.alone(env);

        assertThat(beside).as("in the end").isNotNull();
        beside.leave();
        endless.leave();
        assertThat(solitude.alone(env)).as("once it ended").isNotNull();
    }

    @Test
    void whoWaitedLongAgoDoesNotCountAsWaiting() {
        Solitude.Place endless = solitude.beside();
        assertThat(solitude.alone(env)).isNull();

        nanos.addAndGet(Solitude.LONGEST_WAIT.plusSeconds(1).toNanos());
        assertThat(solitude.alone(env)).isNull();

        endless.leave();
    }

    @Test
    void leavingTwiceMakesNoRoomForTwo() {
        solitude.beside().leave();
        Solitude.Place twice = solitude.beside();
        Solitude.Place other = solitude.beside();

        twice.leave();
        twice.leave();

        assertThat(solitude.alone(env)).isNull();
        other.leave();
        assertThat(solitude.alone(env)).isNotNull();
    }
}
