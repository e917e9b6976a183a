package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.Store.ClaimSource;
import dev.hark.internal.engine.Store.Claimed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
        Claimer claimer =
                new Claimer(List.of("mail"), source, new Semaphore(1), false, sessions, claimed -> {}, () -> {}, env);
        claimer.start();
        await().until(() -> claimer.begun() == 1);

        claimer.stop();
        claimer.join(Duration.ofSeconds(10));

        assertThat(claimer.ended()).isEqualTo(1);
        assertThat(closed).isTrue();
    }
}
