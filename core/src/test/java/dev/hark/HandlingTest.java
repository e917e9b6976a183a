package dev.hark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.hark.testing.Events;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers do to messages, and what becomes of them. */
class HandlingTest extends OnBothStores {

    private static final RetryPolicy SOON = RetryPolicy.fixed(Duration.ofMillis(10));

    private final BlockingQueue<Integer> attempts = new LinkedBlockingQueue<>();

    private Listener listen(RetryPolicy retry, MessageHandler<String> handler) {
        return hark.listener()
                .handleMessage(mail, message -> {
                    attempts.add(message.attempt());
                    return handler.handle(message);
                })
                .retry(retry)
                .start();
    }

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
        assertThat(hark.inspector().dead("mail", null, 10))
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

        assertThat(hark.inspector().retryDead("mail", id)).isTrue();

        awaitDone(1);
        assertThat(attempts).containsExactly(1, 1);
        assertThat(hark.inspector().retryDead("mail", id)).isFalse();
    }

    @Test
    void deletedDeadLettersAreCounted() {
        listen(RetryPolicy.none(), message -> Outcome.dead("as planned"));
        mail.publishAll(bodies(250));
        patiently().until(() -> info().dead() == 250);

        assertThat(hark.inspector().deleteAllDead("mail")).isEqualTo(250);

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

    // ---- what must not end a listener

    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, OutOfMemoryError.class, AssertionError.class, ThreadDeath.class})
    @SuppressWarnings("removal") // the last is thrown by old code still
    void anErrorIsAFailedAttempt(Class<? extends Error> type) throws Exception {
        Error error = type.getDeclaredConstructor().newInstance();
        listen(SOON, message -> {
            if (message.attempt() == 1) {
                throw error;
            }
            return Outcome.done();
        });

        mail.publishAll(bodies(20));

        awaitDone(20);
        assertThat(info().retried()).isEqualTo(20);
    }

    @Test
    void anEndlessRecursionIsAFailedAttempt() {
        listen(SOON.maxAttempts(1), message -> {
            if (message.body().equals("deep")) {
                sink(0);
            }
            return Outcome.done();
        });

        mail.publishAll(List.of("deep", "flat"));

        assertThat(awaitDead().reason()).isEqualTo("java.lang.StackOverflowError");
        awaitDone(1);
    }

    @SuppressWarnings("InfiniteRecursion") // what it is for
    private static int sink(int depth) {
        return sink(depth + 1) + 1;
    }

    @Test
    void anInterruptOfItsOwnThreadReachesNobodyElse() {
        listen(SOON, message -> {
            Thread.currentThread().interrupt();
            return Outcome.done();
        });

        mail.publishAll(bodies(100));

        awaitDone(100);
        assertThat(events.all()).isEmpty();
    }

    @Test
    void whatCannotBeDecodedIsDeadWithItsBytes() {
        byte[] broken = {'{', (byte) 0xff, 0, '}'};
        BlockingQueue<Email> handled = new LinkedBlockingQueue<>();
        hark.listener()
                .handle(hark.queue("mail", Email.class), handled::add)
                .retry(SOON)
                .start();

        hark.queue("mail", byte[].class).publish(broken);
        hark.queue("mail", Email.class).publish(new Email("a", 1));

        DeadLetter dead = awaitDead();
        assertThat(dead.body()).isEqualTo(broken);
        assertThat(dead.attempts()).isEqualTo(1);
        assertThat(dead.reason()).startsWith("the body cannot be read: ");
        awaitDone(1);
        assertThat(handled).containsExactly(new Email("a", 1));
    }

    /** Whatever is asked of it, it throws, if it is not something else. */
    @SuppressWarnings("ThrowableEqualsHashCode") // as strangers do
    static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String how;

        Hostile(String how) {
            this.how = how;
        }

        private void hurt(String what) {
            if (how.equals("everything") || how.equals(what)) {
                throw new Hostile("everything");
            }
        }

        @Override
        public String getMessage() {
            hurt("message");
            return how.equals("large") ? "x".repeat(10 << 20) : "how: " + how;
        }

        @Override
        @SuppressWarnings({"NullAway", "ToStringReturnsNull"}) // as strangers do
        public String toString() {
            hurt("text");
            return how.equals("null") ? null : super.toString();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            hurt("trace");
            return super.getStackTrace();
        }

        @Override
        public synchronized Throwable getCause() {
            hurt("cause");
            return super.getCause();
        }

        @Override
        public boolean equals(Object other) {
            throw new Hostile("everything");
        }

        @Override
        public int hashCode() {
            throw new Hostile("everything");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"everything", "message", "text", "trace", "cause", "null", "large"})
    void whateverIsThrownEndsTheAttemptAlsoIfItCannotBeTold(String how) {
        Events told = new Events();
        observer = event -> {
            new LoggingObserver().on(event); // the logger asks all that can be asked
            told.on(event);
        };
        listen(SOON.maxAttempts(2), message -> {
            throw new Hostile(how);
        });

        String id = mail.publish("hi").id();

        DeadLetter dead = awaitDead();
        assertThat(dead.id()).isEqualTo(id);
        assertThat(dead.attempts()).isEqualTo(2);
        assertThat(dead.reason()).startsWith(Hostile.class.getName());
        patiently().until(() -> told.of(Event.Failed.class).size() == 2);
        assertThat(told.of(Event.Trouble.class)).isEmpty();
        assertThat(told.of(Event.Failed.class))
                .allSatisfy(failed -> assertThat(failed.error()).hasMessageContaining(Hostile.class.getName()));
    }

    @Test
    void anErrorOfACodecIsAFailedAttempt() {
        Codec<String> codec = codec(bytes -> {
            throw new StackOverflowError("in the codec");
        });
        hark.listener()
                .handle(hark.queue("mail", codec), body -> {})
                .retry(SOON.maxAttempts(2))
                .start();

        hark.queue("mail", String.class).publish("hi");

        DeadLetter dead = awaitDead();
        assertThat(dead.attempts()).isEqualTo(2);
        assertThat(dead.reason()).isEqualTo("java.lang.StackOverflowError: in the codec");
    }

    private interface Reading {
        String read(byte[] bytes);
    }

    private static Codec<String> codec(Reading reading) {
        return new Codec<>() {
            @Override
            public byte[] encode(String body) {
                return body.getBytes(UTF_8);
            }

            @Override
            public String decode(byte[] bytes) {
                return reading.read(bytes);
            }
        };
    }

    @Test
    @SuppressWarnings("NullAway") // as strangers do
    void aBodyThatIsNullIsDeadAtOnceWithItsBytes() {
        BlockingQueue<Object> handled = new LinkedBlockingQueue<>();
        hark.listener()
                .handle(hark.queue("mail", Email.class), handled::add)
                .handle(hark.queue("null", codec(bytes -> null)), handled::add)
                .start();

        hark.queue("mail", byte[].class).publish("null".getBytes(UTF_8));
        hark.queue("null", byte[].class).publish("hi".getBytes(UTF_8));

        DeadLetter dead = awaitDead();
        assertThat(dead.attempts()).isEqualTo(1);
        assertThat(dead.reason()).contains("the body is null");
        assertThat(dead.body()).asString().isEqualTo("null");
        patiently().until(() -> inspector().queue("null").dead() == 1);
        assertThat(handled).isEmpty();
    }

    @Test
    void bytesThatAreNoUtf8AreDeadAsTheyAre() {
        byte[] bytes = {0x61, (byte) 0xff, 0x62};
        listen(SOON, message -> Outcome.done());

        hark.queue("mail", byte[].class).publish(bytes);
        mail.publish("\uFFFD"); // is text

        DeadLetter dead = awaitDead();
        assertThat(dead.body()).isEqualTo(bytes);
        assertThat(dead.reason()).contains("no UTF-8 from byte 1");
        awaitDone(1);
        assertThat(attempts).hasSize(1);
    }

    @Test
    void anObserverThatThrowsHurtsNobody() {
        observer = event -> {
            throw new IllegalStateException("observer");
        };
        listen(SOON, message -> {
            if (message.attempt() == 1) {
                throw new IllegalStateException("once");
            }
            return Outcome.done();
        });

        mail.publish("hi");

        awaitDone(1);
    }

    // ---- several queues, several at once

    @Test
    void eachQueueHasItsOwnHandler() {
        MessageQueue<Email> reports = hark.queue("reports", Email.class);
        MessageQueue<byte[]> archive = hark.queue("archive", byte[].class);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        hark.listener()
                .handle(mail, body -> seen.add("mail " + body))
                .handle(reports, report -> seen.add("report " + report.copies()))
                .handleMessage(archive, message -> {
                    seen.add("archive " + message.body().length);
                    return Outcome.done();
                })
                .start();

        mail.publish("a");
        reports.publish(new Email("b", 7));
        archive.publish(new byte[3]);
        mail.publish("c");

        patiently()
                .until(() -> hark.inspector().queues().stream()
                                .mapToLong(QueueInfo::done)
                                .sum()
                        == 4);
        assertThat(seen).containsExactlyInAnyOrder("mail a", "mail c", "report 7", "archive 3");
        assertThat(hark.inspector().queues())
                .extracting(QueueInfo::name, QueueInfo::done)
                .containsExactly(tuple("archive", 1L), tuple("mail", 2L), tuple("reports", 1L));
    }

    @Test
    void aBusyQueueDoesNotStarveAnother() throws InterruptedException {
        MessageQueue<String> quiet = hark.queue("quiet", String.class);
        CountDownLatch heard = new CountDownLatch(1);
        mail.publishAll(bodies(20_000));
        quiet.publish("me too");

        hark.listener()
                .handle(mail, body -> attempts.add(1))
                .handle(quiet, body -> {
                    if (attempts.size() < 10_000) {
                        heard.countDown();
                    }
                })
                .concurrency(5)
                .start();

        assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
        awaitDone(20_000);
    }

    @Test
    void aQueueHasOneHandlerInAListener() {
        assertThatThrownBy(() -> hark.listener().handle(mail, body -> {}).handle(mail, body -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("queue mail");
        assertThatThrownBy(() -> hark.listener().start()).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> hark.listener().concurrency(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void neverMoreAreHandledAtOnceThanAllowed(int allowed) {
        MessageQueue<String> more = hark.queue("more", String.class);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(allowed);
        Handler<String> handler = body -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            full.countDown();
            full.await(); // the first wait until the limit is reached, over both queues
            running.decrementAndGet();
        };
        mail.publishAll(bodies(300));
        more.publishAll(bodies(300));

        hark.listener()
                .handle(mail, handler)
                .handle(more, handler)
                .concurrency(allowed)
                .start();

        awaitDone(300);
        patiently().until(() -> hark.inspector().queue("more").done() == 300);
        assertThat(most).hasValue(allowed);
        assertThat(full.getCount()).isZero();
    }

    @Test
    void aSlowMessageHoldsUpNobody() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        hark.listener()
                .handle(mail, body -> {
                    if (body.equals("0")) {
                        slow.await();
                    }
                })
                .concurrency(4)
                .start();

        mail.publishAll(bodies(12_000)); // more than may stay in a stream behind a slow one

        awaitDone(11_999);
        assertThat(info().active()).isEqualTo(1);
        assertThat(info().waiting()).isZero();
        slow.countDown();
        awaitDone(12_000);
    }

    @Test
    void aHandlerMayPublishToItsOwnQueue() {
        hark.listener()
                .handle(mail, body -> {
                    int left = Integer.parseInt(body);
                    if (left > 0) {
                        mail.publish(String.valueOf(left - 1));
                    }
                })
                .concurrency(1)
                .start();

        mail.publish("50");

        awaitDone(51);
    }
}
