package dev.hark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hark.admin.DeadLetter;
import dev.hark.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of a message that its handler did not do. */
class RetryTest extends Handlings {

    // ---- retries

    @Test
    void aThrowIsARetryWithTheNextAttempt() {
        listen(SOON, message -> {
            if (message.attempt() < 3) {
                throw new IOException("not yet");
            }
            return Outcome.done();
        });

        String id = mail.publish("hi").id();

        awaitDone(1);
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(info().retried()).isEqualTo(2);
        assertThat(events.of(Event.Failed.class))
                .hasSize(2)
                .allSatisfy(failed -> {
                    assertThat(failed.id()).isEqualTo(id);
                    assertThat(failed.next()).isInstanceOf(Outcome.Retry.class);
                    assertThat(failed.error()).hasMessage("not yet");
                })
                .extracting(Event.Failed::attempt)
                .containsExactly(1, 2);
    }

    @Test
    void theWaitGrowsWithTheAttempts() {
        BlockingQueue<Long> times = new LinkedBlockingQueue<>();
        listen(RetryPolicy.exponential(Duration.ofMillis(100)).jitter(0).maxAttempts(4), message -> {
            times.add(System.nanoTime());
            throw new IllegalStateException("always");
        });

        mail.publish("hi");

        awaitDead();
        List<Long> at = List.copyOf(times);
        assertThat(at).hasSize(4);
        for (int i = 1; i < 4; i++) {
            Duration wait = Duration.ofNanos(at.get(i) - at.get(i - 1));
            assertThat(wait)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(100L << (i - 1)).minusMillis(1));
        }
    }

    @Test
    void afterTheLastAttemptItIsDeadWithItsLedger() {
        Instant before = Instant.now().minusMillis(1);
        listen(SOON.maxAttempts(3), message -> {
            throw new IOException("attempt " + message.attempt() + "\nis lost");
        });

        Receipt receipt = mail.publish("the body", Publish.type("t").key("k").header("h", "v"));

        DeadLetter dead = awaitDead();
        assertThat(dead.id()).isEqualTo(receipt.id());
        assertThat(dead.queue()).isEqualTo("mail");
        assertThat(dead.type()).isEqualTo("t");
        assertThat(dead.key()).isEqualTo("k");
        assertThat(dead.headers()).isEqualTo(Map.of("h", "v"));
        assertThat(dead.body()).asString().isEqualTo("the body");
        assertThat(dead.attempts()).isEqualTo(3);
        assertThat(dead.reason()).isEqualTo("java.io.IOException: attempt 3 is lost");
        assertThat(dead.publishedAt()).isBetween(before, dead.diedAt());
        assertThat(dead.diedAt()).isBetween(before, Instant.now().plusMillis(1));
        assertThat(dead.ledger())
                .extracting(DeadLetter.Attempt::attempt, DeadLetter.Attempt::what)
                .containsExactly(
                        tuple(1, "java.io.IOException: attempt 1 is lost"),
                        tuple(2, "java.io.IOException: attempt 2 is lost"),
                        tuple(3, "java.io.IOException: attempt 3 is lost"));
        assertThat(dead.ledger()).extracting(DeadLetter.Attempt::at).isSorted();
        assertThat(dead.ledger())
                .extracting(DeadLetter.Attempt::session)
                .doesNotContain("")
                .doesNotContainNull();
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(info().retried()).isEqualTo(2);
    }

    @Test
    void someExceptionsAreTriedAgainAndOthersNot() {
        listen(
                SOON.maxAttempts(5)
                        .on(IllegalArgumentException.class, RetryPolicy.none())
                        .on(IOException.class, SOON.maxAttempts(2)),
                message -> {
                    throw switch (message.body()) {
                        case "bad" -> new NumberFormatException("never heals");
                        case "io" -> new IOException("heals once");
                        default -> new IllegalStateException("heals");
                    };
                });

        mail.publishAll(List.of("bad", "io", "else"));

        patiently().until(() -> info().dead() == 3);
        assertThat(hark.inspector().queue("mail").dead().list(10))
                .extracting(dead -> new String(dead.body(), UTF_8), DeadLetter::attempts)
                .containsExactlyInAnyOrder(tuple("bad", 1), tuple("io", 2), tuple("else", 5));
    }

    @Test
    void aDeadLetterCanBeTriedAgainFromTheStart() {
        CountDownLatch mended = new CountDownLatch(1);
        listen(RetryPolicy.none(), message -> {
            if (mended.getCount() > 0) {
                throw new IOException("broken");
            }
            return Outcome.done();
        });
        String id = mail.publish("hi").id();
        awaitDead();
        mended.countDown();

        assertThat(hark.inspector().queue("mail").dead().retry(id)).isTrue();

        awaitDone(1);
        assertThat(attempts).containsExactly(1, 1);
        assertThat(hark.inspector().queue("mail").dead().retry(id)).isFalse();
    }

    @Test
    void deletedDeadLettersAreCounted() {
        listen(RetryPolicy.none(), message -> Outcome.dead("as planned"));
        mail.publishAll(bodies(250));
        patiently().until(() -> info().dead() == 250);

        assertThat(hark.inspector().queue("mail").dead().deleteAll()).isEqualTo(250);

        assertThat(info().deleted()).isEqualTo(250);
        assertThat(info().dead()).isZero();
    }

    // ---- outcomes

    @Test
    void aHandlerMayAskForARetry() {
        listen(
                SOON,
                message -> message.attempt() == 1 ? Outcome.retry(Duration.ofMillis(20), "come back") : Outcome.done());

        mail.publish("hi");

        awaitDone(1);
        assertThat(attempts).containsExactly(1, 2);
        assertThat(info().retried()).isEqualTo(1);
    }

    @Test
    void aRetryThatWasAskedForEndsWithTheLastAttemptToo() {
        listen(SOON.maxAttempts(2), message -> Outcome.retry(Duration.ZERO, "come back"));

        mail.publish("hi");

        DeadLetter dead = awaitDead();
        assertThat(dead.reason()).isEqualTo("come back");
        assertThat(dead.attempts()).isEqualTo(2);
        assertThat(attempts).containsExactly(1, 2);
    }

    @Test
    void snoozeBurnsNoAttempt() {
        AtomicInteger calls = new AtomicInteger();
        listen(
                SOON.maxAttempts(2),
                message -> calls.incrementAndGet() < 5 ? Outcome.snooze(Duration.ofMillis(5)) : Outcome.done());

        mail.publish("hi");

        awaitDone(1);
        assertThat(attempts).containsExactly(1, 1, 1, 1, 1);
        assertThat(info().retried()).isZero();
        assertThat(events.of(Event.Failed.class)).isEmpty();
    }

    @Test
    void whatIsSnoozedIsNotHandledEarly() {
        BlockingQueue<Long> times = new LinkedBlockingQueue<>();
        listen(SOON, message -> {
            times.add(System.nanoTime());
            return times.size() == 1 ? Outcome.snooze(Duration.ofMillis(400)) : Outcome.done();
        });

        mail.publish("hi");

        awaitDone(1);
        List<Long> at = List.copyOf(times);
        assertThat(Duration.ofNanos(at.get(1) - at.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(399));
    }

    @Test
    void deadIsDeadAtOnce() {
        listen(SOON, message -> Outcome.dead("no such customer"));

        mail.publish("hi");

        DeadLetter dead = awaitDead();
        assertThat(dead.reason()).isEqualTo("no such customer");
        assertThat(dead.attempts()).isEqualTo(1);
        assertThat(attempts).containsExactly(1);
        assertThat(events.of(Event.Failed.class))
                .extracting(Event.Failed::error)
                .containsOnlyNulls();
    }

    @Test
    void nullIsAFailedAttempt() {
        listen(SOON.maxAttempts(1), message -> null);

        mail.publish("hi");

        assertThat(awaitDead().reason()).contains("queue mail returned null");
    }
}
