package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All on one cluster, which each test leaves well, in whatever roles. */
class DevClusterTest {

    private static final String KEY = "{queue}:key";
    private static final int SLOT = DevCluster.slotOf(KEY);

    private static DevCluster cluster;

    @BeforeAll
    static void start() {
        cluster = DevCluster.start(
                3, 1, ServerOptions.defaults().binary(Binary.bundled()).password("p a/ß"));
    }

    @AfterAll
    static void close() {
        List<DevServer> nodes = cluster.nodes();

        cluster.close();

        assertThat(nodes)
                .hasSize(6)
                .noneMatch(DevServer::isRunning)
                .allSatisfy(node -> assertThat(node.dir()).doesNotExist());
    }

    @Test
    void knowsWhoIsWhat() {
        assertThat(cluster.masters()).hasSize(3);
        assertThat(cluster.masters())
                .allSatisfy(master -> assertThat(cluster.replicasOf(master)).hasSize(1));
        assertThat(cluster.url())
                .isEqualTo("redis-cluster://:p%20a%2F%C3%9F@"
                        + cluster.nodes().stream()
                                .map(node -> "127.0.0.1:" + node.port())
                                .collect(Collectors.joining(",")));
        assertThat(cluster.nodes()).allSatisfy(node -> {
            assertThat(node.ask("CLUSTER", "INFO")).contains("cluster_state:ok", "cluster_known_nodes:6");
            assertThat(node.ask("INFO", "replication")).containsAnyOf("role:master", "master_link_status:up");
        });
    }

    @Test
    void sendsEachKeyToTheNodeThatItNames() {
        for (int i = 0; i < 100; i++) {
            assertThat(cluster.masterOf("key" + i).ask("SET", "key" + i, "")).isEqualTo("OK");
        }
    }

    @ParameterizedTest
    @CsvSource({"foo", "{user1000}.following", "foo{}{bar}", "foo{{bar}}zap", "foo{bar}{zap}", "世界", "''", "}{a}"})
    void countsSlotsAsRedisDoes(String key) {
        assertThat(cluster.nodes().getFirst().ask("CLUSTER", "KEYSLOT", key))
                .isEqualTo(Integer.toString(DevCluster.slotOf(key)));
    }

    @Test
    void letsAReplicaTakeOverWithoutLoss() {
        DevServer before = cluster.masterOf(KEY);
        DevServer replica = cluster.replicasOf(before).getFirst();
        before.tell("SET", KEY, "graceful");

        DevServer after = cluster.failover(before, DevCluster.Failover.GRACEFUL);

        assertThat(after).isSameAs(replica).isSameAs(cluster.masterOf(KEY));
        assertThat(after.ask("GET", KEY)).isEqualTo("graceful");
        assertThat(cluster.replicasOf(after)).containsExactly(before);
    }

    @Test
    void survivesAKilledMaster() {
        DevServer before = cluster.masterOf(KEY);
        long pid = before.pid();
        before.tell("SET", KEY, "killed");
        cluster.replicasOf(before).getFirst().awaitInSyncWith(before);

        DevServer after = cluster.failover(before, DevCluster.Failover.KILL);

        assertThat(after).isNotSameAs(before).isSameAs(cluster.masterOf(KEY));
        assertThat(after.ask("GET", KEY)).isEqualTo("killed");
        assertThat(cluster.replicasOf(after)).containsExactly(before);
        assertThat(before.pid()).isNotEqualTo(pid);
    }

    @Test
    void asksClientsOnWhileASlotIsHalfMigrated() {
        DevServer from = cluster.masterOf(SLOT);
        DevServer to = other(from);
        from.tell("FLUSHALL");
        for (int i = 0; i < 25; i++) {
            from.tell("SET", "{queue}:" + i, "value " + i);
        }

        SlotMigration migration = cluster.migration(SLOT, to);
        migration.open();
        assertThat(migration.move(12)).isEqualTo(12);

        assertThat(from.ask("CLUSTER", "COUNTKEYSINSLOT", "" + SLOT)).isEqualTo("13");
        assertThat(to.ask("CLUSTER", "COUNTKEYSINSLOT", "" + SLOT)).isEqualTo("12");
        assertThat(from.ask("GET", "{queue}:new")).isEqualTo("-ASK " + SLOT + " 127.0.0.1:" + to.port());
        assertThat(to.ask("GET", "{queue}:new")).isEqualTo("-MOVED " + SLOT + " 127.0.0.1:" + from.port());
        assertThat(cluster.masterOf(SLOT)).isSameAs(from);

        migration.finish();

        assertThat(cluster.masterOf(SLOT)).isSameAs(to);
        for (int i = 0; i < 25; i++) {
            assertThat(to.ask("GET", "{queue}:" + i)).isEqualTo("value " + i);
        }
        assertThat(from.ask("GET", "{queue}:0")).isEqualTo("-MOVED " + SLOT + " 127.0.0.1:" + to.port());
    }

    @Test
    void migratesASlotAtOnce() {
        DevServer from = cluster.masterOf(SLOT);
        DevServer to = other(from);
        from.tell("SET", KEY, "moved");

        cluster.migrate(SLOT, to);

        assertThat(cluster.masterOf(SLOT)).isSameAs(to);
        assertThat(to.ask("GET", KEY)).isEqualTo("moved");
    }

    @Test
    void refusesWhatOnlyOneNodeCouldHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> DevCluster.start(1, 0, ServerOptions.defaults().port(7000)));
    }

    @Test
    void leavesNothingRunningWhenItDoesNotForm() {
        List<Long> before = children();

        assertThatThrownBy(() -> DevCluster.start(1, 0, ServerOptions.defaults().with("cluster-enabled", "no")))
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining("refused CLUSTER SET-CONFIG-EPOCH")
                .hasMessageContaining("Ready to accept connections");

        await().untilAsserted(() -> assertThat(before).containsAll(children()));
    }

    private static List<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).toList();
    }

    /** Debian's, where there is one. */
    @Test
    void startsOfWhateverIsThere() {
        try (DevCluster small = DevCluster.start(1, 1, ServerOptions.defaults().with("cluster-node-timeout", "700"))) {
            DevServer master = small.masterOf(KEY);
            DevServer after = small.failover(master, DevCluster.Failover.GRACEFUL);

            assertThat(small.masters()).containsExactly(after);
            assertThat(after.askForList("CONFIG", "GET", "cluster-node-timeout"))
                    .contains("700");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> small.failover(after, DevCluster.Failover.KILL))
                    .withMessageContaining("three masters");
        }
    }

    private static DevServer other(DevServer than) {
        return cluster.masters().stream()
                .filter(master -> master != than)
                .findFirst()
                .orElseThrow();
    }
}
