package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.admin.QueueInfo;
import dev.hark.error.NotPublishedException;
import dev.hark.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis loses scripts, groups, everything or its room to write while messages flow. */
class LostStateTest extends OnRedis {

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void giveRoom() {
        redis.stranger().call("CONFIG", "SET", "maxmemory", 0);
    }

    private void listen() {
        hark.listener().handle(mail, handled::add).concurrency(20).start();
    }

    @Test
    void scriptsThatAreGoneAreLoadedAgain() {
        listen();
        for (int i = 0; i < 20; i++) {
            mail.publishAll(bodies(i, 50));
            redis.stranger().call("SCRIPT", "FLUSH");
        }

        awaitDone(1_000);
        assertThat(handled).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(events.all()).isEmpty();
    }

    @Test
    void aGroupThatIsGoneIsMadeAgainAndNothingIsLost() {
        listen();
        mail.publishAll(bodies(0, 3_000));
        OnBothStores.patiently().until(() -> handled.size() > 1_000);

        redis.stranger().call("XGROUP", "DESTROY", "hark:{mail}:ready", "hark");
        mail.publishAll(bodies(1, 500));

        OnBothStores.patiently().until(() -> Set.copyOf(handled).size() == 3_500);
        OnBothStores.patiently().until(() -> info().waiting() + info().active() == 0);
        assertThat(events.of(Event.GroupRestored.class)).hasSize(1);
        assertThat(events.of(Event.SessionLost.class)).hasSize(1);
        assertThat(info().done()).isEqualTo(3_500 + info().copies());
        assertThat(info().copies())
                .isEqualTo(events.of(Event.GroupRestored.class).get(0).handedOutAgain());
    }

    @Test
    void aGroupThatIsGoneWhileHandlersRunCountsEachMessageOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(5);
        CountDownLatch go = new CountDownLatch(1);
        hark.listener()
                .handle(mail, body -> {
                    begun.countDown();
                    go.await();
                })
                .concurrency(20)
                .start();
        mail.publishAll(bodies(0, 5));
        begun.await();

        redis.stranger().call("XGROUP", "DESTROY", "hark:{mail}:ready", "hark");
        OnBothStores.patiently().until(() -> !events.of(Event.SessionLost.class).isEmpty());
        go.countDown();

        OnBothStores.patiently().until(() -> info().waiting() + info().active() == 0);
        assertThat(info().done()).isEqualTo(5);
        assertThat(info().copies()).isZero();
    }

    @Test
    void afterAFlushThePublisherReportsItAndGoesOn() {
        listen();
        mail.publishAll(bodies(0, 100));
        awaitDone(100);

        redis.stranger().call("FLUSHALL");
        mail.publish("after");

        OnBothStores.patiently().until(() -> handled.contains("after"));
        awaitDone(1);
        assertThat(events.of(Event.RolledBack.class)).singleElement().satisfies(event -> {
            assertThat(event.queue()).isEqualTo("mail");
            assertThat(event.lastAcknowledged()).isPositive();
            assertThat(event.lastKept()).isZero();
        });
        assertThat(hark.inspector().queues()).extracting(QueueInfo::name).containsExactly("mail");
        mail.publishAll(bodies(1, 100));
        awaitDone(101);
        assertThat(handled).hasSize(201).doesNotHaveDuplicates();
    }

    @Test
    void aFlushWithoutAnyPublisherIsSurvivedByTheListener() {
        listen();

        redis.stranger().call("FLUSHALL");
        OnBothStores.patiently().until(() -> !events.of(Event.SessionLost.class).isEmpty());
        redis.stranger().call("XADD", "hark:{mail}:ready", "*", "body", "foreign");

        awaitDone(1);
        assertThat(handled).containsExactly("foreign");
    }

    // ---- out of memory

    @Test
    void withoutRoomPublishingIsRefusedAndHandlingGoesOn() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Set<String> tried = ConcurrentHashMap.newKeySet();
        hark.listener()
                .handle(mail, body -> {
                    go.await();
                    if (tried.add(body)) {
                        throw new IllegalStateException("the first time"); // a retry needs to write
                    }
                    handled.add(body);
                })
                .retry(RetryPolicy.fixed(Duration.ofMillis(20)))
                .start();
        mail.publishAll(bodies(0, 100));
        redis.stranger().call("CONFIG", "SET", "maxmemory", 1);

        assertThatThrownBy(() -> mail.publish("no room"))
                .isInstanceOf(NotPublishedException.class)
                .hasMessageContainingAll("queue mail", "OOM");
        assertThatThrownBy(() -> mail.publish("no room", Publish.after(Duration.ofHours(1))))
                .isInstanceOf(NotPublishedException.class);
        go.countDown();
        awaitDone(100);

        assertThat(info().published()).isEqualTo(100);
        assertThat(info().later()).isZero();
        redis.stranger().call("CONFIG", "SET", "maxmemory", 0);
        mail.publish("room");
        awaitDone(101);
        assertThat(handled).hasSize(101).doesNotHaveDuplicates();
        assertThat(events.of(Event.RolledBack.class)).isEmpty();
    }

    @Test
    void withoutRoomAnotherListenerMayStartAndHelp() throws Exception {
        mail.publishAll(bodies(0, 100));
        redis.stranger().call("CONFIG", "SET", "maxmemory", 1);

        try (Hark other = connect(events)) {
            other.listener()
                    .handle(other.queue("mail", String.class), handled::add)
                    .start();

            awaitDone(100);
        }
        assertThat(handled).hasSize(100);
        assertThat(events.all()).isEmpty();
    }

    private static List<String> bodies(int round, int count) {
        return OnBothStores.bodies(count).stream().map(i -> round + "-" + i).toList();
    }
}
