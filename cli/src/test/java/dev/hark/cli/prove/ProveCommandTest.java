package dev.hark.cli.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.cli.Cli;
import dev.hark.cli.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProveCommandTest {

    /** The whole run takes more than a minute; the module proof has shorter ones. */
    @Test
    void leavesNothingOnAGivenRedisWhenStopped() {
        try (TestServer server = TestServer.start()) {
            server.publish("mail", "mine");
            long before = server.redis().number("DBSIZE");
            Cli.Running prove = new Cli()
                    .env("HARK_REDIS", "redis://127.0.0.1:1")
                    .start(
                            "prove",
                            "--seed",
                            "7",
                            "--json",
                            "--redis",
                            server.server().url());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !server.redis().list("KEYS", "hark-prove-*").isEmpty());

            Cli.Result result = prove.stop();

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("seed 7").contains("ended early").doesNotContain("started Redis");
            assertThat(result.out()).isEmpty();
            assertThat(server.redis().number("DBSIZE")).isEqualTo(before);
            assertThat(server.figure("mail", "waiting")).isEqualTo(1);
            assertThat(server.server().isRunning()).isTrue();
        }
    }

    @Test
    void startsARedisOfItsOwnWhateverTheEnvironmentSays() {
        Cli.Running prove = new Cli().env("HARK_REDIS", "redis://127.0.0.1:1").start("prove", "--seed", "7");
        prove.awaitErr("started Redis");

        assertThat(prove.stop().code()).isEqualTo(1);
    }

    @Test
    void aRedisThatIsNotThereIsWrongUse() {
        Cli.Result result = new Cli().run("prove", "--redis", "redis://127.0.0.1:1");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("127.0.0.1:1");
    }
}
