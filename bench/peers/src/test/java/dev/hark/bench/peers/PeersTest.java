package dev.hark.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.devserver.DevServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That every peer moves what it says and leaves nothing; how fast it is does not belong in a test. */
class PeersTest {

    private static final int MESSAGES = 200;

    private static DevServer server;

    @BeforeAll
    static void start() {
        server = DevServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Entrant> entrants() {
        return Entrant.all();
    }

    @ParameterizedTest
    @MethodSource("entrants")
    void everyPeerMovesAllMessagesTwiceAndLeavesNothing(Entrant entrant) throws Exception {
        assertThat(entrant.version()).matches("(Boot )?\\d+\\.\\d+\\.\\d+.*");
        try (Jedis redis = new Jedis(URI.create(server.url()))) {
            try (Peer peer = entrant.opener().open(server.url())) {
                for (int round = 0; round < 2; round++) {
                    peer.clear();
                    assertThat(peer.publish(MESSAGES)).isPositive();
                    assertThat(redis.dbSize()).isPositive();
                    assertThat(peer.drain(MESSAGES)).isPositive();
                }
            }
            assertThat(redis.keys("*")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("handWritten")
    void aMissingMessageEndsTheRun(Entrant entrant) throws Exception {
        try (Peer peer = entrant.opener().open(server.url())) {
            peer.clear();
            peer.publish(MESSAGES);
            assertThatThrownBy(() -> peer.drain(MESSAGES + 1)).hasMessageContaining("after 200 of 201");
        }
    }

    static List<Entrant> handWritten() {
        return Entrant.all().stream()
                .filter(it -> it.name().matches("bare Jedis|Redisson list|Redisson stream|Spring stream, batches"))
                .toList();
    }

    @Test
    void aRunReportsEveryPeer() throws Exception {
        List<Entrant> two = Entrant.all().subList(0, 2);
        Report report = new Comparison(server.url(), MESSAGES, new Comparison.Rounds(0, 3), step -> {}).run(two);
        JsonNode json = new JsonMapper().readTree(report.json());
        assertThat(json.at("/peers")).hasSize(2);
        for (JsonNode peer : json.at("/peers")) {
            assertThat(peer.at("/messages").asInt()).isEqualTo(MESSAGES);
            for (String figure : List.of("publish", "drain")) {
                JsonNode spread = peer.required(figure);
                assertThat(spread.required("min").asDouble()).isPositive();
                assertThat(spread.required("median").asDouble())
                        .isBetween(
                                spread.required("min").asDouble(),
                                spread.required("max").asDouble());
            }
            assertThat(peer.at("/ofHark").asDouble()).isPositive();
        }
        assertThat(report.table()).contains("Hark", "bare Jedis", "lease, retry", "1.000");
    }

    @Test
    void slowOnesMoveFewerMessages() {
        Entrant slow = new Entrant("slow", "1", "none", 40, url -> {
            throw new AssertionError();
        });
        assertThat(slow.messages(200_000)).isEqualTo(5_000);
        assertThat(slow.messages(1_000)).isEqualTo(100);
        assertThat(slow.messages(50)).isEqualTo(50);
    }

    @Test
    void aBodyHas100Bytes() {
        assertThat(Order.of(0).writeBytes()).hasSize(100);
        assertThat(Order.of(199_999).writeBytes()).hasSize(100);
        assertThat(Order.read(Order.of(7).writeBytes())).isEqualTo(Order.of(7));
    }

    @Test
    void theMedianStandsInTheMiddle() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(2.5, 1, 4));
        assertThat(new Stopwatch().elapsed()).isGreaterThanOrEqualTo(Duration.ZERO);
    }
}
