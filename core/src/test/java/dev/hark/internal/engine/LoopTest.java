package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop runs its step whatever it throws, waits as told, can be woken, and ends. */
class LoopTest {

    private static final Duration FOREVER = Duration.ofHours(1);

    private final TestEnv env = new TestEnv();
    private final Semaphore rounds = new Semaphore(0);
    private Loop loop;

    private Loop start(Loop.Step step) {
        loop = new Loop("testing", step, env.running());
        loop.start();
        return loop;
    }

    @AfterEach
    void stop() {
        loop.stop();
        assertThat(loop.join(Duration.ofSeconds(30))).isTrue();
    }

    private void awaitRounds(int count) throws InterruptedException {
        assertThat(rounds.tryAcquire(count, 30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void itRunsAgainAndAgain() throws InterruptedException {
        start(() -> {
            rounds.release();
            return Duration.ZERO;
        });

        awaitRounds(100);
    }

    @Test
    void itWaitsUntilWoken() throws InterruptedException {
        start(() -> {
            rounds.release();
            return FOREVER;
        });
        awaitRounds(1);

        loop.wake();

        awaitRounds(1);
    }

    @Test
    void awakeDuringAroundIsNotLost() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        start(() -> {
            rounds.release();
            go.await();
            return FOREVER;
        });
        awaitRounds(1);

        loop.wake();
        go.countDown();

        awaitRounds(1);
    }

    @Test
    void whateverIsThrownItGoesOn() throws InterruptedException {
        AtomicInteger round = new AtomicInteger();
        start(() -> {
            rounds.release();
            return switch (round.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("one");
                case 2 -> throw new StackOverflowError("two");
                case 3 -> throw new IOException("three");
                default -> FOREVER;
            };
        });

        awaitRounds(4);
        assertThat(env.events(Event.Trouble.class))
                .extracting(trouble -> trouble.cause().getMessage())
                .containsExactly("one", "two", "three");
        assertThat(env.events(Event.Trouble.class))
                .extracting(Event.Trouble::what)
                .containsOnly("testing");
    }

    @Test
    void anOutageIsSaidOnceAndItsEndToo() throws InterruptedException {
        AtomicInteger round = new AtomicInteger();
        start(() -> {
            rounds.release();
            if (round.incrementAndGet() <= 4) {
                throw new StoreException(StoreException.Kind.NOT_NOW, "no connection " + round, null);
            }
            return FOREVER;
        });

        awaitRounds(5);
        await().until(() -> !env.events(Event.ConnectionRegained.class).isEmpty());
        assertThat(env.events(Event.ConnectionLost.class)).singleElement().satisfies(lost -> {
            assertThat(lost.use()).isEqualTo("testing");
            assertThat(lost.cause()).hasMessage("no connection 1");
        });
        assertThat(env.events(Event.ConnectionRegained.class)).hasSize(1);
    }

    @Test
    void theSameTroubleIsSaidOnce() throws InterruptedException {
        start(() -> {
            rounds.release();
            throw new IllegalStateException("always");
        });

        awaitRounds(4);
        assertThat(env.events(Event.Trouble.class)).hasSize(1);
    }

    @Test
    void itEndsAfterTheRoundThatRuns() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        start(() -> {
            rounds.release();
            go.await();
            return FOREVER;
        });
        awaitRounds(1);

        loop.stop();
        assertThat(loop.join(Duration.ofMillis(1))).isFalse();
        go.countDown();

        assertThat(loop.join(Duration.ofSeconds(30))).isTrue();
        assertThat(rounds.availablePermits()).isZero();
    }

    @Test
    void oneThatNeverStartedHasEnded() {
        loop = new Loop("never", () -> FOREVER, env.running());

        assertThat(loop.join(Duration.ZERO)).isTrue();
    }
}
