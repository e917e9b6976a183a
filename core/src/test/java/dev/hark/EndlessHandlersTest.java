package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.testing.Flood;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handlers that never wait use up all carriers of virtual threads: what Hark itself must do goes on. */
class EndlessHandlersTest extends OnRedis {

    private final Flood flood = new Flood();
    private MessageQueue<String> endless;
    private Listener listener;

    @BeforeEach
    void useUpAllCarriers() {
        endless = hark.queue("endless", String.class);
        listener = hark.listener()
                .handle(endless, body -> flood.compute())
                .concurrency(Flood.carriers())
                .timeout(Duration.ofMillis(200))
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(1))
                .start();
        endless.publishAll(Collections.nCopies(Flood.carriers(), "x"));
        flood.awaitFull();
    }

    @AfterEach
    void end() {
        flood.close();
        listener.close();
    }

    @Test
    void theirOutcomesAreSettled() {
        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("endless").info().dead() == Flood.carriers());
    }

    @Test
    void messagesArePublished() {
        CompletableFuture<Receipt> receipt = mail.publishAsync("async");

        Receipt other = mail.publish("waited for");
        List<Receipt> more = mail.publishAll(OnBothStores.bodies(2_000));

        assertThat(receipt).succeedsWithin(Duration.ofSeconds(30));
        assertThat(info().published()).isEqualTo(2_002);
        assertThat(more).doesNotContain(other);
    }

    @Test
    void channelsAreHeardAndKeptAlive() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        Channel<String> news = hark.channel("news", String.class);
        Listener hearing = news.subscribe(heard::add);
        news.publish("hello");

        OnBothStores.patiently().until(() -> heard.contains("hello"));
        OnBothStores.patiently().until(() -> subscribers().allMatch(client -> client.contains(" cmd=ping ")));
        hearing.close();
    }

    private Stream<String> subscribers() {
        return redis.stranger().text("CLIENT", "LIST", "TYPE", "PUBSUB").lines();
    }
}
