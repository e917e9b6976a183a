package dev.hark;

import dev.hark.admin.QueueInfo;
import dev.hark.event.Observer;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests of what only Redis can do to messages. At the end of each, every message must be accounted for. */
abstract class OnRedis {

    static final Duration LEASE = Duration.ofSeconds(1);

    @RegisterExtension
    static final Server redis = new Server();

    final Events events = new Events();
    Hark hark;
    MessageQueue<String> mail;

    @BeforeEach
    void open() throws Exception {
        redis.stranger().call("FLUSHALL");
        hark = connect(events);
        mail = hark.queue("mail", String.class);
    }

    /** A Hark with a short lease. */
    Hark connect(Observer observer) throws Exception {
        return Hark.builder()
                .url(url())
                .lease(LEASE)
                .closeTimeout(Duration.ofSeconds(20))
                .observer(observer)
                .build();
    }

    String url() throws Exception {
        return redis.url();
    }

    @AfterEach
    void accountFor() {
        hark.close();
        try (Hark fresh = Hark.connect(redis.url())) {
            fresh.inspector().queues().forEach(OnBothStores::assertConserved);
        }
    }

    QueueInfo info() {
        return hark.inspector().queue("mail").info();
    }

    void awaitDone(long count) {
        OnBothStores.patiently().until(() -> info().done() == count);
    }
}
