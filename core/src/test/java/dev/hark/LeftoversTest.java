package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.devserver.DevServer;
import dev.hark.error.HarkException;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.RedisStore;
import dev.hark.testing.Server;
import dev.hark.testing.Stranger;
import dev.hark.testing.ThreadDump;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is left when all is closed: no thread, no connection, and no key that grows. */
class LeftoversTest {

    @RegisterExtension
    static final Server redis = new Server();

    @Test
    void nothingIsLeftOfAHarkThatWasClosed() throws Exception {
        Hark hark = Hark.connect(redis.url());
        MessageQueue<String> mail = hark.queue("mail", String.class);
        MessageQueue<String> more = hark.queue("more", String.class);
        hark.listener().handle(mail, body -> {}).handle(more, body -> {}).start();
        hark.listener().handle(more, body -> {}).start();
        hark.channel("news", String.class).subscribe(body -> {});
        hark.channels("news.*", String.class, (channel, body) -> {});
        mail.publishAll(OnBothStores.bodies(500));
        mail.publish("later", Publish.after(Duration.ofMillis(50)));
        more.publish("x");
        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("mail").info().done() == 501);
        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("more").info().done() == 1);
        assertThat(ThreadDump.ofHark()).anyMatch(name -> name.equals("hark keeping leases"));
        assertThat(redis.stranger().others()).isPositive();

        hark.close();

        OnBothStores.patiently()
                .untilAsserted(() -> assertThat(ThreadDump.ofHark()).isEmpty());
        OnBothStores.patiently().until(() -> redis.stranger().others() == 0);
        assertThat(redis.stranger().keys())
                .containsExactlyInAnyOrder(
                        "hark:queues",
                        "hark:{mail}:ready",
                        "hark:{mail}:stats",
                        "hark:{more}:ready",
                        "hark:{more}:stats");
        assertThat(redis.stranger().list("XINFO", "CONSUMERS", "hark:{mail}:ready", "hark"))
                .isEmpty();
    }

    @Test
    void listenersThatComeAndGoLeaveNothingBehind() throws Exception {
        try (Hark hark = Hark.connect(redis.url())) {
            MessageQueue<String> mail = hark.queue("mail", String.class);
            hark.listener().handle(mail, body -> {}).start().close();
            long before = redis.stranger().others();
            List<String> keys = redis.stranger().keys();

            for (int i = 0; i < 20; i++) {
                hark.listener().handle(mail, body -> {}).start().close();
                hark.channel("news", String.class).subscribe(body -> {}).close();
            }

            OnBothStores.patiently()
                    .untilAsserted(() -> assertThat(ThreadDump.ofHark()).isEmpty());
            // the pool may have grown a little, but not by one for each of 20
            OnBothStores.patiently().until(() -> redis.stranger().others() < before + 10);
            assertThat(redis.stranger().keys()).isEqualTo(keys);
        }
    }

    @Test
    void aStoreThatWasClosedConnectsNoMore() {
        long before = redis.stranger().others();
        RedisStore store = new RedisStore(Redis.of(redis.url()), "hark");
        ClaimSource claims = store.claims(List.of(Address.of("mail")));
        claims.close();
        store.close();

        assertThatThrownBy(() -> store.open(Address.of("mail"), "me", Duration.ofSeconds(1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> claims.claim("me", 1, Duration.ZERO)).isInstanceOf(StoreException.class);
        assertThat(redis.stranger().others()).isEqualTo(before);
    }

    @Test
    void ofAHarkThatIsClosedWhileRedisIsDownNoThreadIsLeft() {
        try (DevServer server = DevServer.start()) {
            Hark hark = Hark.builder().url(server.url()).observer(event -> {}).build();
            MessageQueue<String> mail = hark.queue("mail", String.class);
            hark.listener().handle(mail, body -> {}).start();
            hark.channel("news", String.class).subscribe(body -> {});
            mail.publish("hi");
            server.kill();
            CompletableFuture<Receipt> never = mail.publishAsync("nobody hears");

            hark.close(Duration.ofMillis(100));

            assertThat(never)
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(HarkException.class);
            OnBothStores.patiently()
                    .untilAsserted(() -> assertThat(ThreadDump.ofHark()).isEmpty());
            server.restart();
            try (Stranger stranger = new Stranger(server)) {
                assertThat(stranger.others()).isZero();
            }
        }
    }

    @Test
    void nothingIsLeftInMemoryEither() throws Exception {
        Hark hark = Hark.inMemory();
        MessageQueue<String> mail = hark.queue("mail", String.class);
        hark.listener().handle(mail, body -> {}).start();
        hark.channel("news", String.class).subscribe(body -> {});
        mail.publish("hi");

        hark.close();

        OnBothStores.patiently()
                .untilAsserted(() -> assertThat(ThreadDump.ofHark()).isEmpty());
    }
}
