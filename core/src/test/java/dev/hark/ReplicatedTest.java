package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.hark.devserver.DevServer;
import dev.hark.devserver.Proxy;
import dev.hark.devserver.ServerOptions;
import dev.hark.error.ClosedException;
import dev.hark.error.NotDurableException;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import dev.hark.testing.Users;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Receipts say how many replicas have a message, by a master with two of them. */
class ReplicatedTest {

    @RegisterExtension
    static final Server redis = new Server();

    private static DevServer first;
    private static DevServer second;

    private final Events events = new Events();
    private Proxy proxy;
    private Hark hark;
    private MessageQueue<String> mail;

    @BeforeAll
    static void follow() {
        first = replica();
        second = replica();
    }

    private static DevServer replica() {
        DevServer replica =
                DevServer.start(ServerOptions.defaults().replicaOf(redis.get().port()));
        replica.awaitInSyncWith(redis.get());
        return replica;
    }

    @AfterAll
    static void stopFollowing() {
        first.close();
        second.close();
    }

    @BeforeEach
    void open() {
        redis.stranger().call("FLUSHALL");
        redis.stranger().call("CONFIG", "RESETSTAT");
        proxy = new Proxy(redis.get().port());
        hark = Hark.builder().url(redis.url(proxy)).observer(events).build();
        mail = hark.queue("mail", String.class);
    }

    @AfterEach
    void close() {
        first.resume();
        hark.close();
        proxy.close();
    }

    private static long waits() {
        return redis.stranger()
                .text("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_wait:calls="))
                .mapToLong(line -> Long.parseLong(line.replaceAll("cmdstat_wait:calls=(\\d+),.*", "$1")))
                .sum();
    }

    private long published() {
        return hark.inspector().queue("mail").info().published();
    }

    @Test
    void receiptsSayHowManyReplicasHaveTheMessage() {
        assertThat(mail.publish("one", Publish.durability(Durability.replicated(1)))
                        .durability())
                .isIn(Durability.replicated(1), Durability.replicated(2));
        assertThat(mail.publish(
                                "two",
                                Publish.durability(Durability.replicated(2)).strict())
                        .durability())
                .isEqualTo(Durability.replicated(2));
    }

    @Test
    void whoMayNotWaitClaimsNothing() {
        Users.change(redis.get(), "hark", "-wait");
        try {
            assertThat(mail.publish("one", Publish.durability(Durability.replicated(1)))
                            .durability())
                    .isEqualTo(Durability.MEMORY);
        } finally {
            Users.change(redis.get(), "hark", "+wait");
        }
    }

    @Test
    void inMemoryNobodyWaits() {
        assertThat(mail.publish("one").durability()).isEqualTo(Durability.MEMORY);
        assertThat(mail.publish("two", Publish.strict()).durability()).isEqualTo(Durability.MEMORY);
        assertThat(mail.publish("three", Publish.durability(Durability.MEMORY)).durability())
                .isEqualTo(Durability.MEMORY);

        assertThat(waits()).isZero();
    }

    @Test
    void messagesThatTravelTogetherShareOneWait() {
        List<Receipt> receipts =
                mail.publishAll(OnBothStores.bodies(500), Publish.durability(Durability.replicated(2)));

        assertThat(receipts).extracting(Receipt::durability).containsOnly(Durability.replicated(2));
        assertThat(waits()).isEqualTo(1);

        PublishOptions replicated = Publish.durability(Durability.replicated(2));
        List<CompletableFuture<Receipt>> underWay = OnBothStores.bodies(500).stream()
                .map(body -> mail.publishAsync(body, replicated))
                .toList();
        assertThat(underWay).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(30)));
        assertThat(waits()).isBetween(2L, 100L);
    }

    @Test
    void aReplicaThatDoesNotAnswerIsNotCountedAndPublishingGoesOn() {
        first.pause();

        Receipt less = mail.publish("one", Publish.durability(Durability.replicated(2)));
        assertThat(less.durability()).isEqualTo(Durability.replicated(1));
        assertThatThrownBy(() -> mail.publish(
                        "two", Publish.durability(Durability.replicated(2)).strict()))
                .isInstanceOf(NotDurableException.class)
                .hasMessageContainingAll(
                        "queue mail",
                        "is in Redis, but reached only replicated(1) within 3 s",
                        "wanted replicated(2)",
                        "publishing it again makes a duplicate")
                .asInstanceOf(type(NotDurableException.class))
                .satisfies(e -> assertThat(e).hasMessageContaining(e.receipt().id()))
                .extracting(e -> e.receipt().durability())
                .isEqualTo(Durability.replicated(1));
        mail.publish("three", Publish.durability(Durability.replicated(1)).strict());

        assertThat(published()).isEqualTo(3);
    }

    @Test
    void ofMessagesThatTravelTogetherEachIsToldThatItExists() {
        first.pause();

        assertThatThrownBy(() -> mail.publishAll(
                        OnBothStores.bodies(10),
                        Publish.durability(Durability.replicated(2)).strict()))
                .isInstanceOf(NotDurableException.class);

        assertThat(published()).isEqualTo(10);
        assertThat(waits()).isEqualTo(1);
    }

    @Test
    void whatIsPublishedInMemoryWaitsForNobody() throws Exception {
        Proxy.Held held = proxy.holdReply(":2\r\n");
        CompletableFuture<Receipt> replicated =
                mail.publishAsync("replicated", Publish.durability(Durability.replicated(2)));
        assertThat(held.caught().await(30, TimeUnit.SECONDS)).isTrue();

        mail.publish("in memory");

        assertThat(replicated).isNotDone();
        held.released().countDown();
        assertThat(replicated).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void whenTheConnectionBreaksBeforeTheReplyTheBatchIsSentAgain() {
        Proxy.Cut cut = proxy.cutReplyTo("\r\nWAIT\r\n", 0);

        Receipt receipt =
                mail.publish("one", Publish.durability(Durability.replicated(2)).strict());

        assertThat(cut.happened().getCount()).isZero();
        assertThat(receipt.durability()).isEqualTo(Durability.replicated(2));
        assertThat(published()).isEqualTo(1);
        assertThat(waits()).isEqualTo(2);
    }

    @Test
    void theQueueHasADefaultAndTheOptionOfOneMessageWins() {
        MessageQueue<String> safe = hark.queue(
                "safe",
                String.class,
                q -> q.durability(Durability.replicated(2)).strict(true));

        assertThat(safe.publish("one").durability()).isEqualTo(Durability.replicated(2));
        assertThat(waits()).isEqualTo(1);
        assertThat(safe.publish("two", Publish.durability(Durability.MEMORY)).durability())
                .isEqualTo(Durability.MEMORY);
        assertThat(waits()).isEqualTo(1);
        first.pause();
        assertThatThrownBy(() -> safe.publish("three"))
                .isInstanceOf(NotDurableException.class)
                .hasMessageContainingAll("queue safe", "wanted replicated(2)");
        assertThat(safe.publish("four", Publish.durability(Durability.replicated(1)))
                        .durability())
                .isEqualTo(Durability.replicated(1));
    }

    @Test
    void afterClosingNothingIsTaken() {
        hark.close();

        assertThat(mail.publishAsync("late", Publish.durability(Durability.replicated(2))))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ClosedException.class);
    }
}
