package dev.hark.cli.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.cli.Cli;
import dev.hark.cli.Redis;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisCommandTest {

    @Test
    void theFirstLineIsItsUrlAndStoppingEndsIt() {
        try (Cli.Running redis = new Cli().start("redis").awaitOut("\n")) {
            String url = redis.out().lines().findFirst().orElseThrow();
            assertThat(url).matches("redis://127\\.0\\.0\\.1:\\d+");
            assertThat(new Cli().run("publish", "mail", "hi", "--redis", url).code())
                    .isZero();

            Cli.Result result = redis.stop();

            assertThat(result.code()).isZero();
            assertThat(result.lines()).hasSize(1);
            int port = Integer.parseInt(url.replaceFirst(".*:", ""));
            assertThatThrownBy(() -> new Redis(port).call("PING")).hasMessageContaining("Connection refused");
        }
    }

    @Test
    void aFolderKeepsTheMessages(@TempDir Path dir) {
        for (List<String> expected : List.of(List.<String>of(), List.of("hi"))) {
            try (Cli.Running redis =
                    new Cli().start("redis", "--dir", dir.toString()).awaitOut("\n")) {
                String url = redis.out().strip();
                assertThat(new Cli()
                                .run("listen", "mail", "--drain", "--redis", url)
                                .lines())
                        .isEqualTo(expected);
                new Cli().run("publish", "mail", "hi", "--redis", url);
                assertThat(redis.stop().code()).isZero();
            }
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Cli.Result result = new Cli().run("redis", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .contains(Integer.toString(taken.getLocalPort()), "taken");
        }
    }

    @Test
    void endsWhenTheServerDies() {
        try (Cli.Running redis = new Cli().start("redis").awaitOut("\n")) {
            int port = Integer.parseInt(redis.out().strip().replaceFirst(".*:", ""));
            try {
                new Redis(port).call("SHUTDOWN", "NOSAVE");
            } catch (java.io.UncheckedIOException closed) {
                // It ends without an answer.
            }

            Cli.Result result = redis.await();

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("redis-server ended with exit code 0");
        }
    }
}
