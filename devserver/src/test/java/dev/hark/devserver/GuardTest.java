package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GuardTest {

    @Test
    void neitherServerNorFolderOutlivesAKilledParent() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dhark.home=" + System.getProperty("hark.home"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = parent.inputReader(StandardCharsets.UTF_8)) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            Path dir = Path.of(said.readLine());
            assertThat(server.isAlive()).isTrue();
            assertThat(dir).isDirectory();

            parent.destroyForcibly();

            await().until(() -> !server.isAlive() && Files.notExists(dir));
        } finally {
            parent.destroyForcibly();
        }
    }

    /** Starts a server and leaves it alone. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] args) throws IOException {
            DevServer redis = DevServer.start();
            System.out.println(redis.pid());
            System.out.println(redis.dir());
            System.out.flush();
            System.in.read();
        }
    }
}
