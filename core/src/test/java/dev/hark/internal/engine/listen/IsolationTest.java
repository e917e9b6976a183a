package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.Address;
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
class IsolationTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Env env =
            new Env(nanos::get, new Impatient(), new Random(1), () -> "id", Runnable::run, Runnable::run, event -> {});
    private final Isolation isolation = new Isolation();
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
                        Isolation.Place place = isolation.beside();
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
        Isolation.Place hermit = isolation.alone(env);

        assertThat(hermit).isNotNull();
        assertThat(isolation.beside()).isNull();
        assertThat(isolation.alone(env)).isNull();

        hermit.leave();
        assertThat(isolation.beside()).isNotNull();
    }

    @Test
    void whileOneIsAloneListenersClaimNothing() {
        Gates before = new Gates(() -> {});
        Gates after = new Gates(() -> {});
        List<Address> queues = List.of(Address.of("mail"));
        isolation.add(before);

        Isolation.Place hermit = isolation.alone(env);
        isolation.add(after);
        assertThat(before.open(queues)).isEmpty();
        assertThat(after.open(queues)).isEmpty();

        hermit.leave();
        assertThat(before.open(queues)).isEqualTo(queues);
        assertThat(after.open(queues)).isEqualTo(queues);
    }

    @Test
    void whoWaitsToBeAloneIsWokenWhenTheLastHasLeft() throws Exception {
        Env patient = new TestEnv().running();
        Isolation.Place one = isolation.beside();
        Isolation.Place two = isolation.beside();
        Gates gates = new Gates(() -> {});
        isolation.add(gates);
        CompletableFuture<Isolation.Place> hermit =
                CompletableFuture.supplyAsync(() -> isolation.alone(patient), Thread::startVirtualThread);
        await().until(() -> gates.open(List.of(Address.of("mail"))).isEmpty());

        assertThat(isolation.beside()).as("nothing begins while one waits").isNull();
        one.leave();
        two.leave();

        assertThat(hermit.get(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void whoCannotBeAloneOpensTheGatesAgain() {
        Gates gates = new Gates(() -> {});
        isolation.add(gates);
        isolation.beside();

        assertThat(isolation.alone(env)).isNull();

        assertThat(gates.open(List.of(Address.of("mail")))).containsExactly(Address.of("mail"));
    }

    @Test
    void whoCannotBeAloneGetsNoPlace() {
        Isolation.Place other = isolation.beside();

        assertThat(isolation.alone(env)).isNull();

        other.leave();
        assertThat(isolation.alone(env)).isNotNull();
    }

    @Test
    void whoHasWaitedForLongGetsAPlaceBesideWhatDoesNotEnd() {
        Isolation.Place endless = isolation.beside();
        Duration longerThanAsnooze = Isolation.LONGEST_WAIT.dividedBy(3);

        assertThat(isolation.alone(env)).as("at once").isNull();
        for (int i = 1; i < 3; i++) {
            nanos.addAndGet(longerThanAsnooze.toNanos());
            assertThat(isolation.alone(env)).as("too early").isNull();
        }
        nanos.addAndGet(longerThanAsnooze.toNanos());
        Isolation.Place beside = isolation.alone(env);

        assertThat(beside).as("in the end").isNotNull();
        beside.leave();
        endless.leave();
        assertThat(isolation.alone(env)).as("once it ended").isNotNull();
    }

    @Test
    void whoWaitedLongAgoDoesNotCountAsWaiting() {
        Isolation.Place endless = isolation.beside();
        assertThat(isolation.alone(env)).isNull();

        nanos.addAndGet(Isolation.LONGEST_WAIT.plusSeconds(1).toNanos());
        assertThat(isolation.alone(env)).isNull();

        endless.leave();
    }

    @Test
    void whoWasAloneLeavesTheOthersAsMuchTimeAsItTook() {
        Isolation.Place hermit = isolation.alone(env);
        nanos.addAndGet(1_000);
        hermit.leave();

        nanos.addAndGet(999);
        assertThat(isolation.alone(env)).isNull();
        isolation.beside().leave();
        nanos.addAndGet(1);
        assertThat(isolation.alone(env)).isNotNull();
    }

    @Test
    void leavingTwiceMakesNoRoomForTwo() {
        isolation.beside().leave();
        Isolation.Place twice = isolation.beside();
        Isolation.Place other = isolation.beside();

        twice.leave();
        twice.leave();

        assertThat(isolation.alone(env)).isNull();
        other.leave();
        assertThat(isolation.alone(env)).isNotNull();
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
        Isolation isolation = new Isolation();

        assertThatThrownBy(() -> isolation.alone(failing)).isInstanceOf(OutOfMemoryError.class);

        assertThat(isolation.beside()).isNotNull();
    }
}
