package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnpackerTest {

    private static final String RESOURCE =
            "redis-server-7.0.15-" + Unpacker.platform(System.getProperty("os.name"), System.getProperty("os.arch"));

    @TempDir
    private Path home;

    @Test
    void unpacksAServerThatRuns() {
        Path file = Unpacker.unpack(RESOURCE, home);

        assertThat(file).isEqualTo(home.resolve("redis-7.0.15/redis-server"));
        assertThat(Executable.probe(file).version()).isEqualTo("7.0.15");
    }

    @Test
    void anyNumberMayUnpackAtOnce() throws Exception {
        int unpackers = 8;
        CyclicBarrier together = new CyclicBarrier(unpackers);
        try (ExecutorService pool = Executors.newFixedThreadPool(unpackers)) {
            List<Future<String>> versions = new ArrayList<>();
            for (int i = 0; i < unpackers; i++) {
                versions.add(pool.submit(() -> {
                    together.await();
                    return Executable.probe(Unpacker.unpack(RESOURCE, home)).version();
                }));
            }
            for (Future<String> version : versions) {
                assertThat(version.get()).isEqualTo("7.0.15");
            }
        }
        assertThat(children()).containsExactly("redis-server");
    }

    @Test
    void leavesAnIntactFileAlone() throws IOException {
        Path file = Unpacker.unpack(RESOURCE, home);
        FileTime longAgo = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(file, longAgo);

        Unpacker.unpack(RESOURCE, home);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
    }

    @Test
    void repairsATruncatedFile() throws IOException {
        Path file = Unpacker.unpack(RESOURCE, home);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(1_000_000);
        }

        Unpacker.unpack(RESOURCE, home);

        assertThat(Executable.probe(file).version()).isEqualTo("7.0.15");
    }

    @Test
    void repairsAChangedByte() throws IOException {
        Path file = Unpacker.unpack(RESOURCE, home);
        byte[] intact = Files.readAllBytes(file);
        byte[] changed = intact.clone();
        changed[2_000_000] ^= 1;
        Files.write(file, changed);

        Unpacker.unpack(RESOURCE, home);

        assertThat(Files.readAllBytes(file)).isEqualTo(intact);
    }

    @Test
    void repairsAFileThatCannotBeRun() {
        Path file = Unpacker.unpack(RESOURCE, home);
        assertThat(file.toFile().setExecutable(false, false)).isTrue();

        Unpacker.unpack(RESOURCE, home);

        assertThat(Executable.probe(file).version()).isEqualTo("7.0.15");
    }

    @Test
    void saysWhatToDoOnAPlatformWithoutABundledServer() {
        assertThatThrownBy(() -> Unpacker.unpack("redis-server-7.0.15-solaris-sparc", home))
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining("No redis-server-7.0.15-solaris-sparc")
                .hasMessageContaining("Install redis-server");
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path file = Files.createFile(home.resolve("file"));

        assertThatThrownBy(() -> Unpacker.unpack(RESOURCE, file))
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining("Cannot unpack " + RESOURCE + " to " + file)
                .hasMessageContaining("hark.home");
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-amd64",
        "Linux, aarch64, linux-arm64",
        "Mac OS X, x86_64, darwin-amd64",
        "Mac OS X, aarch64, darwin-arm64",
    })
    void namesThePlatformAsTheJarDoes(String os, String arch, String platform) {
        assertThat(Unpacker.platform(os, arch)).isEqualTo(platform);
    }

    private List<String> children() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("redis-7.0.15"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
