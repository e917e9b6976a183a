package dev.hark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.DeadLetter;
import dev.hark.event.Event;
import dev.hark.testing.Events;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers and codecs do that must not end a listener. */
class HardHandlerTest extends Handlings {

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
        patiently().until(() -> inspector().queue("null").info().dead() == 1);
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
}
