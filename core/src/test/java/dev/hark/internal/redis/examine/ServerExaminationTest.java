package dev.hark.internal.redis.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Redis;
import dev.hark.admin.Role;
import dev.hark.devserver.Binary;
import dev.hark.devserver.DevCluster;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.Fsync;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.redis.RedisStore;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.testing.FakeRedis;
import dev.hark.testing.OldRedis;
import dev.hark.testing.Stranger;
import dev.hark.testing.Users;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers tell of themselves is read as it is. */
class ServerExaminationTest {

    static Stream<Binary> servers() {
        return Stream.of(OldRedis.binary(), Binary.bundled(), Binary.any());
    }

    private static List<ServerFacts> examine(String url) {
        try (Connections connections = new Connections(Redis.of(url), event -> {})) {
            return new ServerExamination(connections, new Keys("hark"), System::currentTimeMillis).examine();
        }
    }

    private static ServerFacts one(String url) {
        List<ServerFacts> all = examine(url);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aPlainServer(Binary binary) {
        try (DevServer server = DevServer.start(ServerOptions.defaults().binary(binary))) {
            ServerFacts facts = one(server.url());

            assertThat(facts.server()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(facts.version()).isEqualTo(server.version());
            assertThat(facts.memory().most()).isZero();
            assertThat(facts.memory().ofMachine()).isGreaterThan(64 << 20);
            assertThat(facts.memory().policy()).isEqualTo("noeviction");
            assertThat(facts.memory().used()).isGreaterThan(facts.memory().usedAtStart() / 2);
            assertThat(facts.disk().appendOnly()).isFalse();
            assertThat(facts.disk().snapshots()).isFalse();
            assertThat(facts.disk().refusing()).isFalse();
            assertThat(facts.replicas()).isEqualTo(new ServerFacts.Replicas(0, 0, 0, -1));
            assertThat(facts.clockAhead().abs()).isLessThan(Duration.ofSeconds(1));
            assertThat(facts.slowLog()).isNotNull();
            assertThat(facts.outputLimits()).isEqualTo(new ServerFacts.OutputLimits(0, 32 << 20, 0));
            assertThat(facts.hidden()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aServerThatIsSetUpOtherwise(Binary binary) {
        ServerOptions options = ServerOptions.defaults()
                .binary(binary)
                .appendOnly(Fsync.ALWAYS)
                .with("maxmemory", "100mb")
                .with("maxmemory-policy", "volatile-lru")
                .with("save", "3600 1")
                .with("min-replicas-to-write", "2")
                .with("client-output-buffer-limit", "normal 1mb 0 0")
                .with("client-output-buffer-limit", "pubsub 0 0 0")
                .with("slowlog-log-slower-than", "0");
        try (DevServer server = DevServer.start(options);
                Stranger stranger = new Stranger(server)) {
            stranger.text("ECHO", "the body");
            ServerFacts facts = one(server.url());

            assertThat(facts.memory().most()).isEqualTo(100 << 20);
            assertThat(facts.memory().policy()).isEqualTo("volatile-lru");
            assertThat(facts.disk().appendOnly()).isTrue();
            assertThat(facts.disk().fsync()).isEqualTo("always");
            assertThat(facts.disk().snapshots()).isTrue();
            assertThat(facts.replicas()).isEqualTo(new ServerFacts.Replicas(0, 0, 2, 0));
            assertThat(facts.outputLimits()).isEqualTo(new ServerFacts.OutputLimits(1 << 20, 0, 0));
            assertThat(facts.slowLog()).isNotNull();
            assertThat(facts.slowLog().slow()).isPositive();
            assertThat(facts.slowLog().command()).isNotBlank().doesNotContain("body");
        }
    }

    @Test
    void aSlowScriptIsNamedWithItsQueueAndNothingElse() {
        try (DevServer server = DevServer.start(ServerOptions.defaults().with("slowlog-log-slower-than", "0"));
                Stranger stranger = new Stranger(server);
                RedisStore store = new RedisStore(Redis.of(server.url()), "hark")) {
            stranger.text("SCRIPT", "LOAD", Script.INFO.source());
            stranger.text("CONFIG", "SET", "slowlog-log-slower-than", "-1");
            stranger.text("SLOWLOG", "RESET");
            stranger.text("CONFIG", "SET", "slowlog-log-slower-than", "0");
            store.info(Address.of("mail")); // by far the slowest of what follows
            stranger.text("CONFIG", "SET", "slowlog-log-slower-than", "-1");

            ServerFacts.SlowLog slow = store.examine().get(0).slowLog();

            assertThat(slow).isNotNull();
            assertThat(slow.command()).isIn("EVALSHA of info.lua on hark:{mail}:ready", "CONFIG", "INFO");
        }
    }

    @Test
    void replicasAreCounted() {
        try (DevServer master = DevServer.start();
                DevServer replica = DevServer.start(ServerOptions.defaults().replicaOf(master.port()))) {
            assertThat(replica.isRunning()).isTrue();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> one(master.url()).replicas().equals(new ServerFacts.Replicas(1, 0, 0, -1)));
        }
    }

    @Test
    void ofAClusterEachMasterIsLookedAt() {
        try (DevCluster cluster = DevCluster.start(3, 0)) {
            assertThat(examine(cluster.url()))
                    .extracting(ServerFacts::server)
                    .containsExactlyInAnyOrderElementsOf(cluster.nodes().stream()
                            .map(node -> "127.0.0.1:" + node.port())
                            .toList());
        }
    }

    @Test
    void whatARolesUserMayNotSeeIsNamed() {
        try (DevServer server = DevServer.start(Users.in(ServerOptions.defaults(), "hark"))) {
            for (Role role : List.of(Role.READER, Role.ADMIN)) {
                ServerFacts facts = one(Users.url(server, role, "hark"));

                assertThat(facts.hidden()).containsExactly("CONFIG GET", "SLOWLOG GET");
                assertThat(facts.outputLimits()).isNull();
                assertThat(facts.slowLog()).isNull();
                assertThat(facts.disk().snapshots()).isNull();
                assertThat(facts.replicas().wanted()).as("INFO tells").isZero();
            }
        }
    }

    @Test
    void aClockThatIsOffIsSeen() {
        try (DevServer server = DevServer.start();
                Connections connections = new Connections(Redis.of(server.url()), event -> {})) {
            ServerExamination late =
                    new ServerExamination(connections, new Keys("hark"), () -> System.currentTimeMillis() - 3_600_000);

            assertThat(late.examine().get(0).clockAhead()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        }
    }

    @Test
    void valkeyIsKnownByItsOwnVersion() throws Exception {
        try (FakeRedis fake = new FakeRedis("7.2.4", "server_name:valkey", "valkey_version:8.1.3")
                .answering("CONFIG", "-ERR unknown command 'CONFIG'")
                .answering("SLOWLOG", "-ERR unknown command 'SLOWLOG'")
                .answering("TIME", "*2\r\n$1\r\n1\r\n$1\r\n0")) {
            ServerFacts facts = one(fake.url());

            assertThat(facts.product()).isEqualTo("Valkey");
            assertThat(facts.version()).isEqualTo("8.1.3");
            assertThat(facts.hidden()).hasSize(2);
        }
    }
}
