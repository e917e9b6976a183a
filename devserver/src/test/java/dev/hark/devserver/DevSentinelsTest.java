package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** All with the same sentinels, which each test leaves well, with whichever master. */
class DevSentinelsTest {

    private static DevSentinels all;

    @BeforeAll
    static void start() {
        all = DevSentinels.start(ServerOptions.defaults()
                .binary(Binary.bundled())
                .password("p#a/ß")
                .appendOnly(Fsync.EVERYSEC)
                .with("min-replicas-to-write", "1"));
    }

    @AfterAll
    static void close() {
        List<DevServer> servers = new ArrayList<>(all.sentinels());
        servers.add(all.master());
        servers.addAll(all.replicas());

        all.close();

        assertThat(servers)
                .hasSize(6)
                .noneMatch(DevServer::isRunning)
                .allSatisfy(server -> assertThat(server.dir()).doesNotExist());
    }

    @Test
    void namesSentinelsAndMaster() {
        List<DevServer> sentinels = all.sentinels();

        assertThat(all.url())
                .isEqualTo("redis-sentinel://:p%23a%2F%C3%9F@127.0.0.1:"
                        + sentinels.get(0).port() + ",127.0.0.1:"
                        + sentinels.get(1).port() + ",127.0.0.1:"
                        + sentinels.get(2).port() + "?master=hark");
        assertThat(sentinels)
                .allSatisfy(sentinel -> assertThat(sentinel.askForList("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "hark"))
                        .containsExactly("127.0.0.1", "" + all.master().port()));
        assertThat(all.replicas()).hasSize(2).doesNotContain(all.master());
    }

    @Test
    void givesOptionsToAllServers() {
        List<DevServer> servers = new ArrayList<>(all.replicas());
        servers.add(all.master());

        assertThat(servers)
                .allSatisfy(server -> assertThat(server.askForList("CONFIG", "GET", "min-replicas-to-write"))
                        .contains("1"))
                .allSatisfy(server -> assertThat(server.askForList("CONFIG", "GET", "appendonly"))
                        .contains("yes"));
    }

    @Test
    void replacesAMasterThatIsWell() {
        DevServer before = all.master();
        before.tell("SET", "key", "well");
        all.replicas().forEach(replica -> replica.awaitInSyncWith(before));

        DevServer after = all.failover();

        assertThat(after).isNotSameAs(before).isSameAs(all.master());
        assertThat(after.ask("GET", "key")).isEqualTo("well");
        assertThat(all.replicas())
                .contains(before)
                .allSatisfy(replica -> assertThat(replica.ask("SET", "key", "")).startsWith("-READONLY"));
    }

    @Test
    void replacesAKilledMaster() {
        DevServer before = all.master();
        long pid = before.pid();
        before.tell("SET", "key", "killed");
        all.replicas().forEach(replica -> replica.awaitInSyncWith(before));

        DevServer after = all.killMaster();

        assertThat(after).isNotSameAs(before).isSameAs(all.master());
        assertThat(after.ask("GET", "key")).isEqualTo("killed");
        assertThat(before.pid()).isNotEqualTo(pid);
        assertThat(before.ask("GET", "key")).isEqualTo("killed");
    }

    @Test
    void refusesAPasswordThatSentinelsForget() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DevSentinels.start(ServerOptions.defaults().password("p a")));
    }

    @Test
    void aRestartedSentinelStillKnowsTheMaster() {
        DevServer sentinel = all.sentinels().getLast();
        sentinel.kill();
        sentinel.restart();

        assertThat(Watch.of(sentinel).masterPort()).isEqualTo(all.master().port());
        all.awaitAgreement();
    }
}
