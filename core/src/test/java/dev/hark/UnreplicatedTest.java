package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.error.NotPublishedException;
import dev.hark.event.Event;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server without replicas. */
class UnreplicatedTest {

    @RegisterExtension
    static final Server redis = new Server();

    private final Events events = new Events();
    private final Hark hark = Hark.builder().url(redis.url()).observer(events).build();
    private final MessageQueue<String> mail = hark.queue("mail", String.class);

    @AfterEach
    void close() {
        redis.stranger().call("CONFIG", "SET", "min-replicas-to-write", "0");
        hark.close();
    }

    @Test
    void aReceiptClaimsNoReplica() {
        assertThat(mail.publish("one", Publish.durability(Durability.replicated(1)))
                        .durability())
                .isEqualTo(Durability.MEMORY);
    }

    /** Each of them holds a connection until it is given up. */
    @Test
    void whatWaitsForReplicasHoldsNobodyElseUp() {
        List<CompletableFuture<Receipt>> waiting = IntStream.range(0, 64)
                .mapToObj(i -> hark.queue("waiting" + i, String.class)
                        .publishAsync("x", Publish.durability(Durability.replicated(1))))
                .toList();
        OnBothStores.patiently().until(() -> blocked() > 16);

        mail.publish("plain");
        Listener listener = hark.listener().handle(mail, body -> {}).start();
        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("mail").info().done() > 0);

        listener.close();
        assertThat(waiting).allSatisfy(receipt -> assertThat(receipt).succeedsWithin(Duration.ofSeconds(60)));
        assertThat(events.of(Event.PoolExhausted.class))
                .isNotEmpty()
                .allMatch(event -> event.purpose().contains("waits for replicas"));
    }

    private static int blocked() {
        return redis.stranger()
                .text("INFO", "clients")
                .lines()
                .filter(line -> line.startsWith("blocked_clients:"))
                .mapToInt(line -> Integer.parseInt(line.split(":")[1]))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "fsynced", "replicated(1)"})
    void whereRedisWantsReplicasToWriteNothingIsPublished(String level) {
        redis.stranger().call("CONFIG", "SET", "min-replicas-to-write", "1");
        redis.stranger().call("CONFIG", "RESETSTAT");
        long before = hark.inspector().queue("mail").info().published();
        CompletableFuture<Receipt> underWay = mail.publishAsync(
                "hi", Publish.durability(Durability.parse(level)).strict());
        OnBothStores.patiently()
                .until(() -> redis.stranger().text("INFO", "errorstats").contains("errorstat_NOREPLICAS"));

        hark.close(Duration.ZERO); // otherwise it is tried for 30 s

        assertThat(underWay)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(NotPublishedException.class)
                .withMessageContainingAll("queue mail: not published", "NOREPLICAS", "makes no duplicate");
        try (Hark again = Hark.connect(redis.url())) {
            assertThat(again.inspector().queue("mail").info().published()).isEqualTo(before);
        }
    }
}
