package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.admin.DeadLetter;
import dev.hark.admin.Inspector;
import dev.hark.admin.QueueInfo;
import dev.hark.event.Observer;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Store;
import dev.hark.internal.memory.MemoryStore;
import dev.hark.internal.redis.RedisStore;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of what users see, run on Redis and in memory. At the end of each, every message must be accounted for. */
@ParameterizedClass(name = "{0}")
@EnumSource
abstract class OnBothStores {

    enum Where {
        REDIS,
        MEMORY
    }

    /** A body that is written as JSON. */
    record Email(String to, int copies) {}

    @RegisterExtension
    static final Server redis = new Server();

    @Parameter
    Where where;

    final Events events = new Events();
    volatile Observer observer = events;
    private Store store;
    Hark hark;
    MessageQueue<String> mail;

    @BeforeEach
    void open() {
        HarkBuilder builder =
                Hark.builder().observer(event -> observer.on(event)).closeTimeout(Duration.ofSeconds(20));
        switch (where) {
            case REDIS -> {
                redis.stranger().call("FLUSHALL");
                store = new RedisStore(Redis.of(redis.url()), "hark");
                hark = builder.url(redis.url()).build();
            }
            case MEMORY -> {
                store = new MemoryStore();
                hark = new Hark(store, builder.env(), builder.settings());
            }
        }
        mail = hark.queue("mail", String.class);
    }

    @AfterEach
    void accountFor() {
        try {
            hark.close();
            inspector().queues().forEach(OnBothStores::assertConserved);
        } finally {
            store.close();
        }
    }

    /** Another Hark on the same store, for which no time passes: what it learns it is told. */
    Hark outOfTime() {
        HarkBuilder builder = Hark.builder().observer(events);
        Env env = builder.env();
        Env timeless =
                new Env(() -> 0, env.threads(), env.random(), env.ids(), env.handlers(), env.own(), env.events());
        Store same = where == Where.REDIS ? new RedisStore(Redis.of(redis.url()), "hark") : store;
        return new Hark(same, timeless, builder.settings());
    }

    /** Sees the queues also after the Hark was closed. */
    Inspector inspector() {
        return new Inspector(store);
    }

    static void assertConserved(QueueInfo info) {
        assertThat(info.missing()).as("missing of %s", info).isZero();
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }

    static List<String> bodies(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    QueueInfo info() {
        return inspector().queue("mail").info();
    }

    void awaitDone(long count) {
        patiently().until(() -> info().done() == count);
    }

    DeadLetter awaitDead() {
        patiently().until(() -> info().dead() == 1);
        return inspector().queue("mail").dead().list(10).get(0);
    }
}
