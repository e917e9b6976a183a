package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.Store.ClaimSource;
import dev.hark.internal.engine.Store.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClaimerTest {

    /** Of a wait that is ended right before it begins, as with CLIENT UNBLOCK, nothing is remembered. */
    @Test
    void aWaitThatBeginsAsItIsEndedIsEndedAgain() {
        Env env = new TestEnv().running();
        AtomicInteger wakes = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        Semaphore second = new Semaphore(0);
        ClaimSource source = new ClaimSource() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                second.acquireUninterruptibly();
                return List.of();
            }

            @Override
            public void wake() {
                if (wakes.incrementAndGet() > 1) {
                    second.release();
                }
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        Sessions sessions =
                new Sessions(List.of("mail"), Duration.ofSeconds(30), new StubStore(), env, (queue, due) -> {});
        Claimer claimer = new Claimer(
                List.of("mail"), queues -> source, new Semaphore(1), false, sessions, claimed -> {}, () -> {}, env);
        claimer.start();
        await().until(() -> claimer.begun() == 1);

        claimer.stop();
        claimer.join(Duration.ofSeconds(10));

        assertThat(claimer.ended()).isEqualTo(1);
        assertThat(closed).isTrue();
    }

    @Test
    void queuesThatWereLeftAreNotClaimed() throws Exception {
        List<List<String>> claimed = new ArrayList<>();
        List<List<String>> closed = new ArrayList<>();
        Env env = new TestEnv().stepped(Runnable::run);
        List<String> queues = List.of("mail", "news");
        Sessions sessions = new Sessions(queues, Duration.ofSeconds(30), new StubStore(), env, (queue, due) -> {});
        Function<List<String>, ClaimSource> sources = of -> new StubSource() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                claimed.add(of);
                return List.of();
            }

            @Override
            public void close() {
                closed.add(of);
            }
        };
        Claimer claimer = new Claimer(queues, sources, new Semaphore(1), false, sessions, one -> {}, () -> {}, env);
        Duration wait = Duration.ofMillis(1);

        assertThat(claimer.step(wait)).isZero();
        sessions.leave("mail");
        assertThat(claimer.step(wait)).isZero();
        sessions.leave("news");
        assertThat(claimer.step(wait)).as("nothing to claim").isEqualTo(wait);
        assertThat(claimer.resting()).isTrue();
        sessions.takeUp("mail");
        sessions.takeUp("news");
        assertThat(claimer.step(wait)).isZero();

        assertThat(claimed).containsExactly(queues, List.of("news"), queues);
        assertThat(closed).containsExactly(queues, List.of("news"));
    }

    /** A script may find out before the next sweep does. */
    @Test
    void aNewerLayoutWakesTheSweepAndIsNotSaidTwice() throws Exception {
        Env env = new TestEnv().stepped(Runnable::run);
        AtomicInteger woken = new AtomicInteger();
        Semaphore permits = new Semaphore(2);
        Sessions sessions =
                new Sessions(List.of("mail"), Duration.ofSeconds(30), new StubStore(), env, (queue, due) -> {});
        ClaimSource source = new StubSource() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                throw new StoreException(StoreException.Kind.NEWER_LAYOUT, "layout 2", null);
            }
        };
        Claimer claimer = new Claimer(
                List.of("mail"), of -> source, permits, false, sessions, one -> {}, woken::incrementAndGet, env);

        assertThat(claimer.step(Duration.ofMillis(1))).as("it does not spin").isPositive();

        assertThat(woken).hasValue(1);
        assertThat(permits.availablePermits()).isEqualTo(2);
    }

    private abstract static class StubSource implements ClaimSource {

        @Override
        public void wake() {}

        @Override
        public void close() {}
    }
}
