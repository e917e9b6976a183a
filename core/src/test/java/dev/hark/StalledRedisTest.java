package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.devserver.Proxy;
import dev.hark.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis stands still for longer than a lease: everybody's heartbeat is late, and nobody is taken for dead. */
class StalledRedisTest extends OnRedis {

    private static final Duration STALL = Duration.ofMillis(2_500);

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch begun = new CountDownLatch(8);
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void goOn() {
        redis.get().resume();
    }

    private Listener listen(Hark hark) {
        return hark.listener()
                .handle(hark.queue("mail", String.class), body -> {
                    handled.add(body);
                    begun.countDown();
                    go.await();
                })
                .concurrency(4)
                .start();
    }

    /** The second has a longer way: its heartbeat comes when the first has already seen that its lease is over. */
    @Test
    void whoeverIsHeardFirstDoesNotReapTheOther() throws Exception {
        try (Proxy farther = new Proxy(redis.get().port());
                Hark far = Hark.builder()
                        .url(redis.url(farther))
                        .lease(LEASE)
                        .observer(events)
                        .build()) {
            Listener near = listen(hark);
            String first = session(0);
            Listener second = listen(far);
            mail.publishAll(OnBothStores.bodies(8));
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            awaitHeartbeats(first, LEASE.multipliedBy(2)); // so that it may reap, as far as it can tell

            double before = deadline(first);
            redis.get().pause();
            farther.freeze();
            long start = System.nanoTime();
            await().atMost(Duration.ofMinutes(1)).until(() -> System.nanoTime() - start > STALL.toNanos());
            assertThat(near.sinceLastPoll()).isGreaterThan(LEASE);
            assertThat(second.sinceLastPoll()).isGreaterThan(LEASE);
            redis.get().resume();
            OnBothStores.patiently().until(() -> deadline(first) > before);
            farther.thaw();

            awaitHeartbeats(first, LEASE.multipliedBy(2));
            assertThat(redis.stranger().number("ZCARD", "hark:{mail}:sessions")).isEqualTo(2);
            go.countDown();
            awaitDone(8);
        }
        assertThat(handled).hasSize(8);
        assertThat(events.of(Event.Recovered.class)).isEmpty();
        assertThat(events.of(Event.SessionLost.class)).isEmpty();
        assertThat(events.of(Event.Fenced.class)).isEmpty();
    }

    /** Twelve that each wait for as long as they may would take twelve times as long one after the other. */
    @Test
    void publishersWaitForRedisAtOnceWhenHarkCloses() {
        Duration deadline = Duration.ofSeconds(2);
        Hark closing = Hark.connect(redis.url());
        List<MessageQueue<String>> queues = IntStream.range(0, 12)
                .mapToObj(i -> closing.queue("stalled" + i, String.class))
                .toList();
        queues.forEach(queue -> queue.publish("before"));
        redis.get().pause();
        List<CompletableFuture<Receipt>> waiting =
                queues.stream().map(queue -> queue.publishAsync("meanwhile")).toList();

        long start = System.nanoTime();
        closing.close(deadline);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(deadline.multipliedBy(6));
        OnBothStores.patiently().until(() -> waiting.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    }

    private static String session(int rank) {
        return redis.stranger()
                .list("ZRANGE", "hark:{mail}:sessions", rank, rank)
                .get(0)
                .toString();
    }

    /** Waits until a lease has been extended by so much. */
    private static void awaitHeartbeats(String session, Duration length) {
        double from = deadline(session);
        OnBothStores.patiently().until(() -> deadline(session) >= from + length.toMillis() * 0.9);
    }

    private static double deadline(String session) {
        return Double.parseDouble(redis.stranger().text("ZSCORE", "hark:{mail}:sessions", session));
    }
}
