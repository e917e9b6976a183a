package dev.hark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.devserver.DevServer;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That the harness measures what it says; how fast anything is does not belong in a test. */
class BenchTest {

    private static DevServer server;

    @BeforeAll
    static void start() {
        server = DevServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyFigureIsThereAndTheKeysAreGone() throws Exception {
        Options options = new Options(1_000, 100, 50, true, 1);
        Report report = new Bench(server.url(), options, Pace.HASTY, phase -> {}).run();
        JsonNode json = new JsonMapper().readTree(report.json());
        for (String section : new String[] {"", "/floor", "/ratio"}) {
            for (String figure : new String[] {
                "/publish/single/perSecond",
                "/publish/single/redisMicros",
                "/publish/threads/perSecond",
                "/publish/bulk/perSecond",
                "/drain/perSecond",
                "/both/perSecond",
                "/latency/500/p50",
                "/latency/500/p99",
                "/latency/5000/p999",
                "/memory/bytesPerMessage"
            }) {
                assertThat(json.at(section + figure).asDouble())
                        .as(section + figure)
                        .isPositive();
            }
        }
        // the system counts a process's CPU in steps of 10 ms, so little work may have taken none
        assertThat(json.at("/publish/single/clientMicros").isNumber()).isTrue();
        assertThat(json.at("/idle/commandsPerSecond").isNumber()).isTrue();
        assertThat(report.table()).contains("publish.single", "drain", "floor both", "idle, 10 queues");
        try (Jedis redis = new Jedis(URI.create(server.url()))) {
            assertThat(redis.dbSize()).isZero();
        }
    }

    @Test
    void aCommandIsCountedForEachSinglePublishAndFarFewerInBulk() throws Exception {
        try (Server under = new Server(server.url());
                HarkContender hark = new HarkContender(server.url(), 50, 100)) {
            hark.publishBulk(10); // what the first use costs is not counted
            Cost single = under.meter().measure(100, hark.sentCommands(), () -> hark.publishSingle(100));
            Cost bulk = under.meter().measure(5_000, hark.sentCommands(), () -> hark.publishBulk(5_000));
            assertThat(single.commands()).isEqualTo(1.0);
            assertThat(bulk.commands()).isLessThan(0.1);
        }
    }

    @Test
    void latencyTakesTheRightPlaces() {
        long[] nanos = new long[1_000];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (nanos.length - i) * 1_000_000L;
        }
        Latency latency = Latency.of(nanos);
        assertThat(latency.p50()).isEqualTo(501);
        assertThat(latency.p99()).isEqualTo(991);
        assertThat(latency.p999()).isEqualTo(1_000);
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new Options(10, 100, 1, false, 1)).hasMessageContaining("messages 10");
        assertThatThrownBy(() -> new Options(1_000, 1, 1, false, 1)).hasMessageContaining("payload 1");
    }
}
