package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.DevCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on a cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterCommandTest {

    private DevCluster cluster;

    @BeforeAll
    void start() {
        cluster = DevCluster.start(3, 0);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private Cli.Result run(String... args) {
        return new Cli().env("HARK_REDIS", cluster.url()).run(args);
    }

    @Test
    void whatIsPublishedToQueuesOnSeveralNodesIsListenedToByOneCommand() {
        for (String queue : new String[] {"one", "two", "three"}) {
            assertThat(run("publish", queue, "to " + queue).code()).isZero();
        }

        Cli.Result heard = run("listen", "one", "two", "three", "--drain");

        assertThat(heard.code()).isZero();
        assertThat(heard.out().lines()).containsExactlyInAnyOrder("to one", "to two", "to three");
        assertThat(run("queues").out()).contains("one", "two", "three");
    }

    @Test
    void theDoctorLooksAtEachMaster() {
        assertThat(run("publish", "looked-at", "x").code()).isZero();

        Cli.Result result = run("doctor");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out().replace('\n', ' ')).contains("3 servers", "nobody-listens  [queue looked-at]");
        cluster.nodes().forEach(node -> assertThat(result.out()).contains("127.0.0.1:" + node.port()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prove", "bench"})
    void whatNeedsOneServerSaysSo(String command) {
        Cli.Result result = new Cli().run(command, "--redis", cluster.url());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("hark " + command + " works on one server")
                .contains("redis-cluster://");
    }
}
