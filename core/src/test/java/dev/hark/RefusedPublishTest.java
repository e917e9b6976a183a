package dev.hark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.BodyTooLargeException;
import dev.hark.error.ClosedException;
import dev.hark.error.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is written. */
class RefusedPublishTest extends OnBothStores {

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a{b}", "a/b", "über", "a\u0000b", "a:b", "a*"})
    void badNamesAreRefused(String name) {
        assertThatThrownBy(() -> hark.queue(name, String.class))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'" + name.replace('\u0000', '?') + "'");
    }

    @Test
    void longNamesAreRefused() {
        assertThat(hark.queue("n".repeat(128), String.class).name()).hasSize(128);
        assertThatThrownBy(() -> hark.queue("n".repeat(129), String.class)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void badDelaysAreRefused() {
        assertThatThrownBy(() -> Publish.after(Duration.ofMillis(-1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("PT-0.001S");
        assertThatThrownBy(() -> Publish.after(Duration.ofDays(36_501)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("PT876024H");
        assertThatThrownBy(() -> Publish.at(Instant.EPOCH.minusMillis(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1969-12-31T23:59:59.999Z");
        assertThatThrownBy(() -> Publish.at(Instant.MAX)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void nullsAreRefusedAndNothingIsWritten() {
        assertThatThrownBy(() -> Publish.header("a", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Publish.header(null, "a")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Publish.key(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> mail.publish(null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("queue mail");
        assertNothingWritten();
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndNothingIsWritten() {
        byte[] tooLarge = new byte[(1 << 20) + 1];
        MessageQueue<byte[]> bytes = hark.queue("mail", byte[].class);

        assertThatThrownBy(() -> bytes.publish(tooLarge))
                .isInstanceOf(BodyTooLargeException.class)
                .hasMessageContainingAll("queue mail", "1048577", "1048576");
        assertNothingWritten();
        bytes.publish(Arrays.copyOf(tooLarge, 1 << 20));
        assertThat(info().waiting()).isEqualTo(1);
    }

    @Test
    void aBodyThatItsCodecRefusesIsNotPublished() {
        Codec<String> picky = new Codec<>() {
            @Override
            public byte[] encode(String body) throws Exception {
                throw new java.io.IOException("no " + body);
            }

            @Override
            public String decode(byte[] bytes) {
                return new String(bytes, UTF_8);
            }
        };

        assertThatThrownBy(() -> hark.queue("mail", picky).publish("thanks"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("queue mail", "no thanks");
        assertNothingWritten();
    }

    @Test
    void halvesOfCharactersAreRefused() {
        String half = "a\uD800b";

        assertThatThrownBy(() -> mail.publish(half))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("queue mail", "at 1", "half of a character");
        assertThatThrownBy(() -> Publish.key(half))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the key");
        assertThatThrownBy(() -> Publish.type("b\uDC00"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the type");
        assertThatThrownBy(() -> Publish.header(half, "v"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the name of a header");
        assertThatThrownBy(() -> Publish.header("h", "\uD800"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("header h");
        assertThatThrownBy(() -> hark.channel("news", String.class).publish(half))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("channel news");
        assertNothingWritten();
    }

    interface Shape {}

    static final class Unmakeable {
        private final int a;

        Unmakeable(int a, int b) {
            this.a = a + b;
        }

        public int getA() {
            return a;
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Shape.class, Unmakeable.class})
    void aTypeThatCannotBeReadIsRefusedAtOnce(Class<?> type) {
        assertThatThrownBy(() -> hark.queue("mail", type))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(type.getName(), "give a Codec instead");
    }

    @ParameterizedTest
    @ValueSource(classes = {Email.class, int[].class, Map.class, Object.class, Where.class, Integer.class})
    void aTypeThatCanBeReadIsNot(Class<?> type) {
        assertThat(hark.queue("mail", type).name()).isEqualTo("mail");
    }

    @Test
    void afterCloseNothingIsPublished() {
        hark.close();

        assertThatThrownBy(() -> mail.publish("too late"))
                .isInstanceOf(ClosedException.class)
                .hasMessageContaining("queue mail");
        assertThatThrownBy(() -> mail.publishAsync("too late").get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> hark.queue("other", String.class)).isInstanceOf(ClosedException.class);
    }

    private void assertNothingWritten() {
        assertThat(hark.inspector().queues()).isEmpty();
        if (where == Where.REDIS) {
            assertThat(redis.stranger().keys()).isEmpty();
        }
    }

    @Test
    void headersOfUnboundedSizeAreRefused() {
        assertThatThrownBy(() -> mail.publish("hi", Publish.header("h", "x".repeat(70_000))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("mail", "70", "65536");
        assertThat(info().published()).isZero();

        mail.publish("hi", Publish.header("h", "x".repeat(60_000)));
        assertThat(info().published()).isEqualTo(1);
        CompletableFuture<Message<String>> arrived = new CompletableFuture<>();
        hark.listener()
                .handleMessage(mail, message -> {
                    if (!message.headers().containsKey("h")) {
                        arrived.complete(message);
                    }
                    return Outcome.done();
                })
                .start();
        mail.publish("hi", Publish.header("x".repeat(60_000), "v"));
        assertThat(arrived.orTimeout(30, TimeUnit.SECONDS).join().headers()).containsValue("v");
    }
}
