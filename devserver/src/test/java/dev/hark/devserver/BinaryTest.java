package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryTest {

    @TempDir
    private Path dir;

    @Test
    void prefersWhatTheEnvironmentNamesForTests() throws IOException {
        Path named = fake("named", "Redis server v=6.0.1 sha=0");
        fake("redis-server", "Redis server v=7.2.4 sha=0");

        assertThat(Binary.any(named.toString(), dir.toString())).isEqualTo(new Executable(named, "6.0.1"));
    }

    @Test
    void takesRedisBeforeValkeyFromThePath() throws IOException {
        fake("valkey-server", "Valkey server v=8.0.1 sha=0");
        assertThat(Binary.any(null, "/nowhere::" + dir).version()).isEqualTo("8.0.1");

        fake("redis-server", "Redis server v=7.2.4 sha=0");
        assertThat(Binary.any(null, "/nowhere::" + dir).version()).isEqualTo("7.2.4");
    }

    @Test
    void passesOverWhatIsTooOldOrBroken() throws IOException {
        fake("redis-server", "Redis server v=6.0.16 sha=0");
        assertThat(Binary.any("", dir.toString()).version()).isEqualTo("7.0.15");

        fake("valkey-server", "error while loading shared libraries");
        assertThat(Binary.any("", dir.toString()).version()).isEqualTo("7.0.15");
    }

    @Test
    void takesTheBundledServerWithoutAPath() {
        assertThat(Binary.any(null, null).version()).isEqualTo("7.0.15");
    }

    @Test
    void isNotFooledByTheOrderOfDigits() {
        assertThat(new Executable(dir, "6.2.0").isNewEnough()).isTrue();
        assertThat(new Executable(dir, "10.0.1").isNewEnough()).isTrue();
        assertThat(new Executable(dir, "6.0.16").isNewEnough()).isFalse();
        assertThat(new Executable(dir, "5.9.0").isNewEnough()).isFalse();
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        Path missing = dir.resolve("missing");

        assertThatThrownBy(() -> Binary.at(missing).find())
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining("Cannot run " + missing + " as a redis-server");
    }

    @Test
    void saysThatAFileIsNoRedisServer() throws IOException {
        Path other = fake("other", "other 1.0");

        assertThatThrownBy(() -> Binary.at(other).find())
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining(other + " is not a redis-server")
                .hasMessageContaining("it said \"other 1.0\"");
    }

    private Path fake(String name, String version) throws IOException {
        Path file = Files.writeString(dir.resolve(name), "#!/bin/sh\necho '" + version + "'\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
