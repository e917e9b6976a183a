package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hark.Health;
import dev.hark.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    void aWakeDuringARoundIsNotLost() throws InterruptedException {
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

    // ---- what deals with failures fails as well

    /** Where it does, in a heap that is full for example. */
    enum Where {
        IN_REPORTING,
        IN_REPORTING_THE_END,
        IN_BACKING_OFF,
        IN_WAITING,
        IN_ITS_MESSAGE,
        IN_RESTING
    }

    @ParameterizedTest
    @EnumSource
    void whateverIsThrownWhileDealingWithIt_itGoesOn(Where where) throws InterruptedException {
        Env whole = env.running();
        AtomicInteger left = new AtomicInteger(3);
        AtomicInteger thrown = new AtomicInteger();
        Runnable fails = () -> {
            if (left.getAndDecrement() > 0) {
                thrown.incrementAndGet();
                throw new OutOfMemoryError("full");
            }
        };
        Threads threads = new WithThreads() {
            @Override
            public long await(Condition condition, long nanos) throws InterruptedException {
                if (where == Where.IN_WAITING || where == Where.IN_RESTING) {
                    fails.run();
                }
                return super.await(condition, nanos);
            }

            @Override
            public void pause(long nanos) {
                if (where == Where.IN_RESTING) {
                    fails.run();
                }
                super.pause(nanos);
            }
        };
        Consumer<Event> events = event -> {
            if (where == Where.IN_REPORTING
                    || (where == Where.IN_REPORTING_THE_END && event instanceof Event.ConnectionRegained)) {
                fails.run();
            }
        };
        RandomGenerator random = () -> {
            if (where == Where.IN_BACKING_OFF) {
                fails.run();
            }
            return 1;
        };
        AtomicInteger round = new AtomicInteger();
        loop = new Loop(
                "testing",
                () -> {
                    rounds.release();
                    if (round.incrementAndGet() % 2 == 1) {
                        throw new IllegalStateException() {
                            @Override
                            public String getMessage() {
                                if (where == Where.IN_ITS_MESSAGE) {
                                    fails.run();
                                }
                                return "round " + round;
                            }
                        };
                    }
                    return Duration.ofNanos(1);
                },
                new Env(whole.nanos(), threads, random, whole.ids(), whole.handlers(), whole.own(), events));
        loop.start();

        awaitRounds(20);
        assertThat(thrown).hasValue(3);
    }

    private static class WithThreads implements Threads {
        @Override
        public Thread loop(String name, Runnable task) {
            return Threads.PLATFORM.loop(name, task);
        }

        @Override
        public long await(Condition condition, long nanos) throws InterruptedException {
            return Threads.PLATFORM.await(condition, nanos);
        }

        @Override
        public boolean acquire(Semaphore semaphore, int permits, long nanos) throws InterruptedException {
            return Threads.PLATFORM.acquire(semaphore, permits, nanos);
        }

        @Override
        public boolean starvable() {
            return Threads.PLATFORM.starvable();
        }

        @Override
        public void pause(long nanos) {
            Threads.PLATFORM.pause(nanos);
        }
    }

    @Test
    void anInterruptOfAStrangerEndsNoMoreThanAWait() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        start(() -> {
            thread.set(Thread.currentThread());
            rounds.release();
            return FOREVER;
        });
        awaitRounds(1);

        for (int i = 0; i < 3; i++) {
            await().until(() -> thread.get().getState() == Thread.State.TIMED_WAITING);
            thread.get().interrupt();
            awaitRounds(1);
        }
        assertThat(env.events(Event.Trouble.class)).isEmpty();
    }

    @Test
    void anInterruptThatAStepLeavesBehindIsNotThereInTheNext() throws InterruptedException {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        start(() -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            if (interrupted.size() == 1) {
                Thread.currentThread().interrupt();
                rounds.release();
                throw new IllegalStateException("once");
            }
            rounds.release();
            return FOREVER;
        });

        awaitRounds(2);
        assertThat(interrupted).doesNotContain(true);
    }

    @Test
    void aThreadThatCannotBeMadeIsSaidAtOnceAndNothingRuns() {
        Env whole = env.running();
        Threads none = new WithThreads() {
            @Override
            public Thread loop(String name, Runnable task) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        };
        loop = new Loop(
                "testing",
                () -> FOREVER,
                new Env(
                        whole.nanos(),
                        none,
                        whole.random(),
                        whole.ids(),
                        whole.handlers(),
                        whole.own(),
                        whole.events()));

        assertThatThrownBy(loop::start).isInstanceOf(OutOfMemoryError.class);

        assertThat(loop.join(Duration.ZERO)).isTrue();
    }

    @Test
    void itSaysWhenItLastCameRoundAndHowLateItIs() {
        Env stepped = env.stepped(Runnable::run);
        AtomicInteger round = new AtomicInteger();
        Semaphore go = new Semaphore(0);
        loop = new Loop(
                "testing",
                () -> {
                    go.acquire();
                    rounds.release();
                    if (round.incrementAndGet() == 2) {
                        throw new IllegalStateException("ill");
                    }
                    return Duration.ofMinutes(1);
                },
                stepped);
        loop.start();

        env.pass(Duration.ofSeconds(1));
        go.release();
        rounds.acquireUninterruptibly();
        await().until(() -> loop.health().late().isZero());
        env.pass(Duration.ofSeconds(50));
        assertThat(loop.health()).isEqualTo(new Health.Loop("testing", Duration.ofSeconds(50), Duration.ZERO));

        env.pass(Duration.ofSeconds(50));
        loop.wake();
        go.release(); // it fails
        rounds.acquireUninterruptibly();
        assertThat(loop.health())
                .isEqualTo(new Health.Loop("testing", Duration.ofSeconds(100), Duration.ofSeconds(40)));

        go.release();
        await().until(() -> loop.health().late().isZero());
    }

    @Test
    void aRoundIsNotLateWhileItWaitsForAsLongAsItMay() {
        CountDownLatch go = new CountDownLatch(1);
        loop = new Loop(
                "hearing",
                Duration.ofSeconds(10),
                () -> {
                    rounds.release();
                    go.await();
                    return FOREVER;
                },
                env.stepped(Runnable::run));
        loop.start();
        rounds.acquireUninterruptibly();

        env.pass(Duration.ofSeconds(10));
        assertThat(loop.health().late()).isZero();
        env.pass(Duration.ofSeconds(1));
        assertThat(loop.health().late()).isEqualTo(Duration.ofSeconds(1));
        go.countDown();
    }
}
