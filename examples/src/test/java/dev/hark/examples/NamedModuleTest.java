package dev.hark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.DevServer;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The other tests run on the class path, where a module that is not open to the JSON library goes unnoticed. */
class NamedModuleTest {

    @Test
    void anExampleRunsOnTheModulePath() throws Exception {
        String libraries = Files.readString(Path.of("target/module-path.txt")).strip();
        try (DevServer redis = DevServer.start()) {
            Process java = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--module-path",
                            "target/classes" + File.pathSeparator + libraries,
                            "--module",
                            "dev.hark.examples/" + HelloQueue.class.getName(),
                            redis.url())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(java.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("sent 'Welcome' to ada@example.org");
            assertThat(java.exitValue()).isZero();
        }
    }
}
