package dev.hark.topology;

import static dev.hark.topology.SteadyTraffic.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Channel;
import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import dev.hark.admin.QueueInfo;
import dev.hark.admin.Role;
import dev.hark.devserver.DevCluster;
import dev.hark.devserver.DevCluster.Failover;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.devserver.SlotMigration;
import dev.hark.error.HarkException;
import dev.hark.error.InvalidInputException;
import dev.hark.event.Event;
import dev.hark.testing.Stranger;
import dev.hark.testing.ThreadDump;
import dev.hark.testing.Users;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three masters, each with a replica, whose slots and roles change while Hark works. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {

    private DevCluster cluster;

    @BeforeAll
    void start() {
        cluster = DevCluster.start(3, 1, Users.in(ServerOptions.defaults(), "hark"));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private String url() {
        return Users.url(cluster.url(), Role.ADMIN, "hark");
    }

    /** A queue that lives on this master now. */
    private String queueOn(DevServer master, String prefix) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> prefix + i)
                .filter(name -> cluster.masterOf("hark:{" + name + "}:ready") == master)
                .findFirst()
                .orElseThrow();
    }

    private static int slot(String queue) {
        return DevCluster.slotOf("hark:{" + queue + "}:ready");
    }

    @Test
    void whatKeepsLeasesAndPromotesGrowsWithMastersAndNotWithQueues() {
        try (Hark hark = Hark.connect(url())) {
            var listener = hark.listener();
            for (DevServer master : cluster.masters()) {
                for (String prefix : List.of("few", "threads", "serve", "many")) {
                    listener.handle(hark.queue(queueOn(master, prefix), String.class), body -> {});
                }
            }
            listener.start();

            assertThat(ThreadDump.ofHark())
                    .filteredOn(name -> name.matches("hark (keeping leases|promoting what is due|hearing hints)"))
                    .hasSize(3 * cluster.masters().size());
        }
    }

    /** None of them waits with the slot in its hand. */
    @Test
    void queuesInDifferentSlotsShareOneHandlerSlot() {
        try (Hark hark = Hark.connect(url())) {
            var listener = hark.listener().concurrency(1);
            List<MessageQueue<String>> queues = List.of("mail", "reports", "bills").stream()
                    .map(name -> hark.queue(name, String.class))
                    .toList();
            queues.forEach(queue -> listener.handle(queue, body -> {}));
            listener.start();

            queues.forEach(queue -> queue.publishAll(
                    IntStream.range(0, 700).mapToObj(String::valueOf).toList()));

            patiently()
                    .untilAsserted(() -> assertThat(queues)
                            .allSatisfy(queue -> assertThat(hark.inspector()
                                            .queue(queue.name())
                                            .info()
                                            .done())
                                    .isEqualTo(700)));
        }
    }

    @Test
    void oneListenerServesQueuesOnAllMasters() {
        List<String> names =
                cluster.masters().stream().map(master -> queueOn(master, "all")).toList();
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (Hark hark = Hark.connect(url())) {
            List<MessageQueue<String>> queues =
                    names.stream().map(name -> hark.queue(name, String.class)).toList();
            var listener = hark.listener();
            queues.forEach(queue -> listener.handleMessage(queue, message -> switch (message.body()) {
                case "dead" -> Outcome.dead("as planned");
                case "again" -> message.attempt() == 1 ? Outcome.retry(Duration.ofMillis(20)) : Outcome.done();
                default -> Outcome.done();
            }));
            listener.start();
            for (MessageQueue<String> queue : queues) {
                queue.publishAll(List.of("now", "again", "dead"));
                queue.publish("later", Publish.after(Duration.ofMillis(100)));
            }

            for (String name : names) {
                patiently().untilAsserted(() -> {
                    QueueInfo info = hark.inspector().queue(name).info();
                    assertThat(List.of(info.done(), info.dead(), info.retried()))
                            .containsExactly(3L, 1L, 1L);
                });
                assertThat(hark.inspector().queue(name).dead().retryAll()).isEqualTo(1);
            }
            assertThat(hark.inspector().queueNames()).containsAll(names);

            Channel<String> news = hark.channel("news", String.class);
            news.subscribe(heard::add);
            hark.channels("n*", String.class, (channel, body) -> heard.add(channel + ": " + body));
            news.publish("hello");
            patiently().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("hello", "news: hello"));
        }
    }

    @Test
    void aGracefulFailoverLosesAndDoublesNothing() throws InterruptedException {
        DevServer master = cluster.masters().get(0);
        String queue = queueOn(master, "graceful");
        try (SteadyTraffic traffic = new SteadyTraffic(url(), queue)) {
            traffic.awaitMore(queue, 100);

            DevServer promoted = cluster.failover(master, Failover.GRACEFUL);

            assertThat(promoted).isNotSameAs(master);
            traffic.awaitMore(queue, 100);
            traffic.finish();
            assertThat(traffic.again()).isEmpty();
        }
    }

    @Test
    void whileAMasterIsDeadQueuesOfOthersGoOnAndItsOwnAfterwards() throws InterruptedException {
        DevServer victim = cluster.masters().get(0);
        String hit = queueOn(victim, "hit");
        String other = queueOn(cluster.masters().get(1), "other");
        try (SteadyTraffic traffic = new SteadyTraffic(url(), hit, other)) {
            traffic.awaitMore(hit, 100);
            traffic.awaitMore(other, 100);

            cluster.failover(victim, Failover.KILL);

            traffic.awaitMore(other, 100);
            traffic.awaitMore(hit, 100);
            assertThat(traffic.events().of(Event.SessionLost.class))
                    .as("sessions of the queue that was not hit")
                    .noneMatch(lost -> lost.queue().equals(other));
        }
    }

    @Test
    void aSlotThatMovesUnderLoadLosesAndDoublesNothing() throws InterruptedException {
        String queue = queueOn(cluster.masters().get(0), "moving");
        try (SteadyTraffic traffic = new SteadyTraffic(url(), queue)) {
            for (int i = 0; i < 4; i++) {
                traffic.awaitMore(queue, 50);
                DevServer from = cluster.masterOf(slot(queue));
                DevServer to = cluster.masters().stream()
                        .filter(master -> master != from)
                        .findFirst()
                        .orElseThrow();
                cluster.migrate(slot(queue), to);
            }
            traffic.awaitMore(queue, 50);
            traffic.finish();
            assertThat(traffic.again()).isEmpty();
        }
    }

    @Test
    void aQueueWhoseKeysHaveAllMovedWorksWhileItsSlotIsStillOpen() {
        String name = queueOn(cluster.masters().get(0), "half");
        DevServer from = cluster.masterOf(slot(name));
        DevServer to = cluster.masters().stream()
                .filter(master -> master != from)
                .findFirst()
                .orElseThrow();
        SlotMigration migration = cluster.migration(slot(name), to);
        try (Hark hark = Hark.connect(url())) {
            MessageQueue<String> queue = hark.queue(name, String.class);
            hark.listener().handle(queue, body -> {}).start();
            queue.publish("before");
            patiently().until(() -> hark.inspector().queue(name).info().done() == 1);
            migration.open();
            migration.move(Integer.MAX_VALUE);

            queue.publish("meanwhile");
            patiently().until(() -> doneAt(to, name).equals("2"));
            migration.finish();

            queue.publish("after");
            patiently().until(() -> hark.inspector().queue(name).info().done() == 3);
        } finally {
            migration.finish();
        }
    }

    /** These permissions are granted for this alone. */
    @ParameterizedTest
    @ValueSource(strings = {"cluster|slots", "asking"})
    void whoIsNotGrantedWhatOnlyClustersNeedIsRefused(String command) {
        String name = queueOn(cluster.masters().get(0), "refused");
        DevServer to = cluster.masters().get(1);
        SlotMigration migration = cluster.migration(slot(name), to);
        try {
            migration.open();
            cluster.nodes().forEach(node -> Users.change(node, "hark", "-" + command));
            assertThatThrownBy(() -> {
                        try (Hark hark = Hark.connect(url())) {
                            hark.queue(name, String.class).publish("to the new master, if anywhere");
                        }
                    })
                    .isInstanceOf(HarkException.class)
                    .hasStackTraceContaining("NOPERM")
                    .hasStackTraceContaining("'" + command + "'");
        } finally {
            cluster.nodes().forEach(node -> Users.change(node, "hark", "+" + command));
            migration.finish();
        }
    }

    /** A slot on its way is looked into only by who says that he asks for it. */
    private static String doneAt(DevServer node, String queue) {
        try (Stranger stranger = new Stranger(node)) {
            stranger.call("ASKING");
            return stranger.text("HGET", "hark:{" + queue + "}:stats", "done");
        }
    }

    @Test
    void aClusterIsFoundByAnyNodeThatAnswers() {
        String url = url().replaceFirst(
                        "@.*",
                        "@127.0.0.1:1,127.0.0.1:" + cluster.nodes().get(5).port());
        try (Hark hark = Hark.connect(url)) {
            hark.queue("found", String.class).publish("hi");

            assertThat(hark.inspector().queue("found").info().waiting()).isEqualTo(1);
        }
    }

    @Test
    void aClusterHasNoOtherDatabase() {
        assertThatThrownBy(() -> Hark.connect(url() + "/1"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("database 1");
    }
}
