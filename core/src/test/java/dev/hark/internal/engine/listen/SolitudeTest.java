package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.TestEnv;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
    void asManyRunBesideEachOtherAsAListenerMayHave() throws InterruptedException {
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
    void whileOneRunsAloneNobodyElseBegins() {
        Solitude.Place hermit = solitude.alone(env);

        assertThat(hermit).isNotNull();
        assertThat(solitude.beside()).isNull();
        assertThat(solitude.alone(env)).isNull();

        hermit.leave();
        assertThat(solitude.beside()).isNotNull();
    }

    @Test
    void whileOneIsAloneListenersClaimNothing() {
        Gates before = new Gates(() -> {});
        Gates after = new Gates(() -> {});
        List<String> queues = List.of("mail");
        solitude.add(before);

        Solitude.Place hermit = solitude.alone(env);
        solitude.add(after);
        assertThat(before.open(queues)).isEmpty();
        assertThat(after.open(queues)).isEmpty();

        hermit.leave();
        assertThat(before.open(queues)).isEqualTo(queues);
        assertThat(after.open(queues)).isEqualTo(queues);
    }

    @Test
    void whoWaitsToBeAloneIsWokenWhenTheLastHasLeft() throws Exception {
        Env patient = new TestEnv().running();
        Solitude.Place one = solitude.beside();
        Solitude.Place two = solitude.beside();
        Gates gates = new Gates(() -> {});
        solitude.add(gates);
        CompletableFuture<Solitude.Place> hermit =
                CompletableFuture.supplyAsync(() -> solitude.alone(patient), Thread::startVirtualThread);
        await().until(() -> gates.open(List.of("mail")).isEmpty());

        assertThat(solitude.beside()).as("nothing begins while one waits").isNull();
        one.leave();
        two.leave();

        assertThat(hermit.get(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void whoCannotBeAloneOpensTheGatesAgain() {
        Gates gates = new Gates(() -> {});
        solitude.add(gates);
        solitude.beside();

        assertThat(solitude.alone(env)).isNull();

        assertThat(gates.open(List.of("mail"))).containsExactly("mail");
    }

    @Test
    void whoCannotBeAloneGetsNoPlace() {
        Solitude.Place other = solitude.beside();

        assertThat(solitude.alone(env)).isNull();

        other.leave();
        assertThat(solitude.alone(env)).isNotNull();
    }

    @Test
    void whoHasWaitedForLongGetsAPlaceBesideWhatDoesNotEnd() {
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
    void whoWasAloneLeavesTheOthersAsMuchTimeAsItTook() {
        Solitude.Place hermit = solitude.alone(env);
        nanos.addAndGet(1_000);
        hermit.leave();

        nanos.addAndGet(999);
        assertThat(solitude.alone(env)).isNull();
        solitude.beside().leave();
        nanos.addAndGet(1);
        assertThat(solitude.alone(env)).isNotNull();
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

    @Test
    void whoHasNoMemoryToWaitAloneFreesThePlace() {
        Env env = new TestEnv().running();
        Threads full = new Threads() {
            @Override
            public Thread loop(String name, Runnable task) {
                throw new OutOfMemoryError("full");
            }

            @Override
            public long await(Condition condition, long nanos) {
                throw new OutOfMemoryError("full");
            }

            @Override
            public boolean acquire(Semaphore semaphore, int permits, long nanos) {
                throw new OutOfMemoryError("full");
            }

            @Override
            public void pause(long nanos) {}

            @Override
            public boolean starvable() {
                return false;
            }
        };
        Env failing = new Env(env.nanos(), full, env.random(), env.ids(), env.handlers(), env.own(), env.events());
        Solitude solitude = new Solitude();

        assertThatThrownBy(() -> solitude.alone(failing)).isInstanceOf(OutOfMemoryError.class);

        assertThat(solitude.beside()).isNotNull();
    }
}
