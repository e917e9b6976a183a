package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevServerTest {

    private static final ServerOptions BUNDLED = ServerOptions.defaults().binary(Binary.bundled());

    @Test
    void startsTheBundledServerOnAFreePort() {
        try (DevServer redis = DevServer.start(BUNDLED)) {
            assertThat(redis.version()).isEqualTo("7.0.15");
            assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + redis.port());
            assertThat(call(redis, "INFO", "server")).contains("redis_version:7.0.15", "process_id:" + redis.pid());
        }
    }

    @Test
    void startsWhateverIsThere() {
        try (DevServer redis = DevServer.start()) {
            assertThat(call(redis, "PING")).isEqualTo("PONG");
        }
    }

    @Test
    void listensOnTheLoopbackAddressOnly() {
        try (DevServer redis = DevServer.start(BUNDLED)) {
            assertThatThrownBy(() -> new Socket("127.0.0.2", redis.port()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void deletesItsTemporaryFolder() {
        DevServer redis = DevServer.start(BUNDLED);
        assertThat(redis.dir()).isDirectory();

        redis.close();

        assertThat(redis.dir()).doesNotExist();
        assertThat(redis.isRunning()).isFalse();
    }

    @Test
    void keepsItsDataInAGivenFolder(@TempDir Path temp) {
        ServerOptions options = BUNDLED.dir(temp.resolve("with space and \"quotes\""));
        try (DevServer first = DevServer.start(options)) {
            call(first, "SET", "greeting", "世界");
        }
        try (DevServer second = DevServer.start(options)) {
            assertThat(call(second, "GET", "greeting")).isEqualTo("世界");
        }
    }

    @Test
    void refusesAFolderThatAnotherServerUses(@TempDir Path dir) {
        try (DevServer redis = DevServer.start(BUNDLED.dir(dir))) {
            assertThatThrownBy(() -> DevServer.start(BUNDLED.dir(redis.dir())))
                    .isInstanceOf(DevServerException.class)
                    .hasMessageContaining("Another server keeps its data in " + dir);
        }
    }

    @Test
    void restartsOnTheSamePortWithTheSameDataAfterAKill() {
        try (DevServer redis = DevServer.start(BUNDLED.appendOnly(Fsync.ALWAYS))) {
            int port = redis.port();
            long pid = redis.pid();
            call(redis, "SET", "key", "value");

            redis.kill();
            assertThat(redis.isRunning()).isFalse();
            redis.restart();

            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.pid()).isNotEqualTo(pid);
            assertThat(call(redis, "GET", "key")).isEqualTo("value");
        }
    }

    @Test
    void restartsWithoutDataWhereNoneIsKept() {
        try (DevServer redis = DevServer.start(BUNDLED)) {
            call(redis, "SET", "key", "value");

            redis.restart();

            assertThat(call(redis, "EXISTS", "key")).isEqualTo("0");
        }
    }

    @Test
    void endsWithZeroWhenStopped() throws InterruptedException {
        try (DevServer redis = DevServer.start(BUNDLED)) {
            redis.pause();
            redis.stop();

            assertThat(redis.awaitExit()).isZero();
            assertThat(redis.logTail()).contains("ready to exit");
        }
    }

    @Test
    void answersNothingWhilePaused() {
        try (DevServer redis = DevServer.start(BUNDLED)) {
            redis.pause();
            assertThatThrownBy(() -> callWithin(redis, Duration.ofMillis(100), "PING"))
                    .isInstanceOf(SocketTimeoutException.class);

            redis.resume();
            redis.awaitReady();
            assertThat(call(redis, "PING")).isEqualTo("PONG");
        }
    }

    @Test
    void saysThatItNoLongerServes() {
        try (DevServer redis = DevServer.start(BUNDLED)) {
            redis.kill();

            assertThatThrownBy(redis::awaitReady)
                    .isInstanceOf(DevServerException.class)
                    .hasMessageContaining("does not serve");
        }
    }

    @Test
    void asksForThePasswordThatItsUrlGives() {
        try (DevServer redis = DevServer.start(BUNDLED.password("p \"a/ß"))) {
            assertThat(redis.url()).isEqualTo("redis://:p%20%22a%2F%C3%9F@127.0.0.1:" + redis.port());
            assertThat(call(redis, "PING")).startsWith("-NOAUTH");
            assertThat(ProcessHandle.of(redis.pid()).orElseThrow().info().commandLine())
                    .hasValueSatisfying(line -> assertThat(line).doesNotContain("ß"));
        }
    }

    @Test
    void takesLinesOfConfiguration() {
        try (DevServer redis = DevServer.start(BUNDLED.with("maxmemory", "10mb"))) {
            assertThat(call(redis, "INFO", "memory")).contains("maxmemory:10485760");
        }
    }

    @Test
    void saysWhatRedisSaysAboutABadLineOfConfiguration() {
        assertThatThrownBy(() -> DevServer.start(BUNDLED.with("maxmemry", "10mb")))
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining("(7.0.15) on port ")
                .hasMessageContaining("ended at once")
                .hasMessageContaining("maxmemry 10mb");
    }

    @Test
    void saysThatAGivenPortIsTaken() {
        try (DevServer redis = DevServer.start(BUNDLED)) {
            assertThatThrownBy(() -> DevServer.start(BUNDLED.port(redis.port())))
                    .isInstanceOf(DevServerException.class)
                    .hasMessageStartingWith("Port " + redis.port() + " of 127.0.0.1 is taken");
        }
    }

    @Test
    void takesTheNextPortIfAnotherServerWasFaster() {
        try (DevServer faster = DevServer.start(BUNDLED)) {
            int free = new Ports(new Random(faster.port())::nextInt).free();
            Queue<Integer> ports = new ArrayDeque<>(List.of(faster.port(), free));

            try (DevServer redis = DevServer.start(BUNDLED, ports::remove)) {
                assertThat(redis.port()).isEqualTo(free);
                assertThat(call(redis, "INFO", "server")).contains("process_id:" + redis.pid());
            }
        }
    }

    @Test
    void cannotBeRestartedOnceClosed() {
        DevServer redis = DevServer.start(BUNDLED);
        redis.close();
        redis.close();

        assertThatThrownBy(redis::restart).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesNoFolderBehindWhenItDoesNotStart(@TempDir Path temp) throws IOException {
        Path impostor = Files.writeString(temp.resolve("redis-server"), """
                #!/bin/sh
                [ "$1" = --version ] && echo 'Redis server v=7.9.9 sha=0' && exit
                pwd > "$0.dir"
                echo 'Nothing works today'
                """);
        assertThat(impostor.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> DevServer.start(BUNDLED.binary(Binary.at(impostor))))
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining(impostor + " (7.9.9)")
                .hasMessageContaining("Nothing works today");
        assertThat(Path.of(Files.readString(temp.resolve("redis-server.dir")).strip()))
                .doesNotExist();
    }

    private static String call(DevServer redis, String... command) {
        try {
            return callWithin(redis, Duration.ofSeconds(5), command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String callWithin(DevServer redis, Duration timeout, String... command) throws IOException {
        try (RespClient client = new RespClient(redis.port(), timeout, SocketFactory.getDefault())) {
            return client.call(command);
        }
    }
}
