package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.WrongTypeException;
import dev.hark.event.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else uses a key of Hark's for another type of value. */
class WrongTypeTest extends OnRedis {

    @ParameterizedTest
    @ValueSource(strings = {"ready", "stats", "later", "held"})
    void publishingIsRefusedAndNothingOfTheQueueIsWritten(String part) {
        String key = "hark:{mail}:" + part;
        redis.stranger().call("SET", key, "mine");

        assertThatThrownBy(() -> mail.publish("hi", Publish.after(Duration.ofHours(1))))
                .isInstanceOf(WrongTypeException.class)
                .hasMessageContainingAll("queue mail", key, "string");

        assertThat(redis.stranger().keys().stream().filter(name -> name.contains("{mail}")))
                .containsExactly(key);
        assertThat(redis.stranger().text("GET", key)).isEqualTo("mine");
        redis.stranger().call("DEL", key);
        mail.publish("hi"); // and the publisher has not lost count
        assertThat(info().waiting()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ready", "stats", "sessions", "settled", "later", "held", "dead"})
    void listeningIsRefused(String part) {
        String key = "hark:{mail}:" + part;
        redis.stranger().call("SET", key, "mine");

        assertThatThrownBy(() -> hark.listener().handle(mail, body -> {}).start())
                .isInstanceOf(WrongTypeException.class)
                .hasMessageContainingAll(key, "string");

        redis.stranger().call("DEL", key);
        mail.publish("hi");
        hark.listener().handle(mail, body -> {}).start();
        awaitDone(1);
    }

    @Test
    void ofAListenerThatIsRefusedNothingIsLeftInItsOtherQueues() {
        redis.stranger().call("SET", "hark:{more}:stats", "mine");

        assertThatThrownBy(() -> hark.listener()
                        .handle(mail, body -> {})
                        .handle(hark.queue("more", String.class), body -> {})
                        .start())
                .isInstanceOf(WrongTypeException.class);

        assertThat(info().sessions()).isZero();
        assertThat(redis.stranger().keys()).doesNotContain("hark:{mail}:sessions");
        redis.stranger().call("DEL", "hark:{more}:stats");
    }

    @Test
    void aListenerThatRunsReportsItAndGoesOnAfterwards() {
        hark.listener()
                .handleMessage(
                        mail, message -> message.attempt() == 1 ? Outcome.retry(Duration.ofMillis(10)) : Outcome.done())
                .start();
        redis.stranger().call("SET", "hark:{mail}:later", "mine");

        mail.publish("hi");
        OnBothStores.patiently()
                .until(() -> events.of(Event.Trouble.class).stream()
                        .anyMatch(trouble -> trouble.what().contains("settling")));
        redis.stranger().call("DEL", "hark:{mail}:later");

        awaitDone(1);
        assertThat(events.of(Event.Trouble.class).get(0).cause()).hasMessageContaining("hark:{mail}:later");
    }
}
