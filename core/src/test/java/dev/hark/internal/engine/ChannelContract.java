package dev.hark.internal.engine;

import static dev.hark.internal.engine.StoreContract.heard;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ChannelStore.Heard;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever listens right now. */
interface ChannelContract extends StoreContract {

    @Test
    default void nobodyListensToAChannelThatNobodySubscribedTo() {
        assertThat(store().broadcast(queue().name(), bytes("x"))).isZero();
    }

    @Test
    default void whoListensHearsInOrder() {
        String channel = queue().name();
        try (ChannelSource<String> one = store().listen(channel, false);
                ChannelSource<String> two = store().listen(channel, false)) {

            assertThat(store().broadcast(channel, new byte[] {0, -1, 10})).isEqualTo(2);
            store().broadcast(channel, bytes("second"));

            for (ChannelSource<String> source : java.util.List.of(one, two)) {
                Heard<String> first = heard(source);
                assertThat(first.channel()).isEqualTo(channel);
                assertThat(first.body()).containsExactly(0, -1, 10);
                assertThat(heard(source).body()).isEqualTo(bytes("second"));
            }
        }
    }

    @Test
    default void aNameIsNoPattern() {
        String channel = queue().name() + "*";
        try (ChannelSource<String> source = store().listen(channel, false)) {
            assertThat(store().broadcast(queue().name() + "x", bytes("x"))).isZero();
            assertThat(store().broadcast(channel, bytes("x"))).isEqualTo(1);
            assertThat(heard(source).channel()).isEqualTo(channel);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h?llo, hello, true",
        "h?llo, hllo, false",
        "h*llo, hllo, true",
        "h*llo, heeeello, true",
        "h*llo, hellow, false",
        "h[ae]llo, hallo, true",
        "h[ae]llo, hillo, false",
        "h[^e]llo, hallo, true",
        "h[^e]llo, hello, false",
        "h[a-c]llo, hbllo, true",
        "h[a-c]llo, hdllo, false",
        "h[c-a]llo, hbllo, true",
        "h[a\\]b]llo, h]llo, true",
        "h[a\\-c]llo, hbllo, false",
        "h[a, ha, true",
        "h\\?llo, h?llo, true",
        "h\\?llo, hello, false",
        "h\\*, h*, true",
        "h\\*, hx, false",
        "*.a.*.b, x.a.a.b.b, true",
        "*.a.*.b, x.a.b, false",
        "*a*b*c, xxaxxbxxbxxc, true",
        "**, anything, true",
        "h\\, h\\, true",
        "[^], x, true",
        "ü?, üx, true",
        "?, ü, false"
    })
    default void aPatternMatchesAsRedisDoes(String pattern, String channel, boolean matches) {
        String prefix = queue().name() + ".";
        try (ChannelSource<String> source = store().listen(prefix + pattern, true)) {
            assertThat(store().broadcast(prefix + channel, bytes("x"))).isEqualTo(matches ? 1 : 0);
            if (matches) {
                assertThat(heard(source).channel()).isEqualTo(prefix + channel);
            }
        }
    }

    @Test
    default void whoClosedHearsNothing() {
        String channel = queue().name();
        ChannelSource<String> source = store().listen(channel, false);

        source.close();

        await().until(() -> store().broadcast(channel, bytes("x")) == 0);
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> heard(source));
    }

    @Test
    default void closingEndsAWaitWithAnException() {
        ChannelSource<String> source = store().listen(queue().name(), false);
        CompletableFuture<Heard<String>> next =
                CompletableFuture.supplyAsync(() -> heard(source), Thread::startVirtualThread);

        source.close();

        assertThat(next).failsWithin(5, TimeUnit.SECONDS).withThrowableThat().withCauseInstanceOf(StoreException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
