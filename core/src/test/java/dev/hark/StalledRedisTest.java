package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis stands still for longer than a lease: everybody's heartbeat is late, and nobody is taken for dead. */
class StalledRedisTest extends OnRedis {

    @AfterEach
    void goOn() {
        redis.get().resume();
    }

    /** The second is longer than a client waits for a reply: all connections are made anew. */
    @ParameterizedTest
    @ValueSource(longs = {2_500, 6_500})
    void nobodyReapsAnybody(long stallMillis) throws Exception {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(12);
        CountDownLatch go = new CountDownLatch(1);
        Handler<String> handler = body -> {
            handled.add(body);
            begun.countDown();
            go.await();
        };
        try (Hark two = connect(events);
                Hark three = connect(events)) {
            List<Listener> listeners = List.of(
                    hark.listener().handle(mail, handler).concurrency(4).start(),
                    two.listener()
                            .handle(two.queue("mail", String.class), handler)
                            .concurrency(4)
                            .start(),
                    three.listener()
                            .handle(three.queue("mail", String.class), handler)
                            .concurrency(4)
                            .start());
            mail.publishAll(OnBothStores.bodies(12));
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            awaitAllHaveBeaten(1.2); // and so whoever wants may reap

            redis.get().pause();
            long start = System.nanoTime();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> System.nanoTime() - start
                            > Duration.ofMillis(stallMillis).toNanos());
            assertThat(listeners)
                    .allSatisfy(one -> assertThat(one.sinceLastPoll()).isGreaterThan(LEASE));
            redis.get().resume();
            redis.met();
            awaitAllHaveBeaten(2);
            go.countDown();
            OnBothStores.patiently().until(() -> redis.stranger().number("HGET", "hark:{mail}:stats", "done") == 12);
        }

        assertThat(handled).hasSize(12);
        assertThat(events.of(Event.Recovered.class)).isEmpty();
        assertThat(events.of(Event.SessionLost.class)).isEmpty();
        assertThat(events.of(Event.Fenced.class)).isEmpty();
    }

    /** Waits until all three leases have been extended by so many lengths. */
    private static void awaitAllHaveBeaten(double leases) {
        double from = earliest();
        OnBothStores.patiently().until(() -> earliest() > from + LEASE.toMillis() * leases);
    }

    private static double earliest() {
        List<?> sessions = redis.stranger().list("ZRANGE", "hark:{mail}:sessions", 0, -1, "WITHSCORES");
        assertThat(sessions).hasSize(6);
        return Double.parseDouble(String.valueOf(sessions.get(1)));
    }
}
