package dev.hark.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParcelsTest {

    /** SIGHUP, SIGINT and SIGTERM, as a set of bits. */
    private static final long USUAL = 0x4003;

    @TempDir
    private Path dir;

    @BeforeEach
    void needProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    }

    /** Ctrl-\ at a terminal asks the JVM for its threads, and reaches all of its group. */
    @Test
    void aThreadDumpDoesNotEndWhoeverDeletesTheFolder() throws Exception {
        try (Parcels parcels = new Parcels(dir)) {
            ProcessHandle janitor = janitor(parcels.folder());
            await().until(() -> (ignored(janitor) & USUAL) == USUAL);

            assertThat(new ProcessBuilder("/bin/kill", "-s", "QUIT", Long.toString(janitor.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        await().untilAsserted(() -> assertThat(dir).isEmptyDirectory());
    }

    @Test
    void whoeverDeletesTheFolderIsReplacedWhenGone() throws Exception {
        try (Parcels parcels = new Parcels(dir)) {
            Path folder = parcels.folder();
            ProcessHandle janitor = janitor(folder);
            janitor.destroyForcibly();

            await().until(() -> {
                assertThat(parcels.folder()).isEqualTo(folder); // others have parcels there
                return !janitor(folder).equals(janitor);
            });
        }

        await().untilAsserted(() -> assertThat(dir).isEmptyDirectory());
    }

    private static ProcessHandle janitor(Path folder) {
        return await().until(
                        () -> ProcessHandle.current()
                                .children()
                                .filter(child -> child.info().arguments().stream()
                                        .flatMap(Arrays::stream)
                                        .anyMatch(folder.toString()::equals))
                                .findAny(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private static long ignored(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findAny()
                .orElseThrow();
    }
}
