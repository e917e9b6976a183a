package dev.hark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindJavaTest {

    private static final Path SCRIPT =
            Path.of("").toAbsolutePath().resolveSibling(".mvn").resolve("find-java.sh");

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void searchInTheFolderOnly() throws IOException {
        folder = folder.toRealPath();
        environment.put("PATH", Script.tools());
        environment.put("HARK_JAVA_DIRS", folder.resolve("one") + ":" + folder.resolve("two"));
    }

    /** Versions that stand where; which of them is taken. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // JAVA_HOME, PATH, one,     two,        taken
                "  -,         -,    25.0.1,  -,          one",
                "  -,         17,   25.0.1,  -,          one",
                "  21.0.2,    25,   25.0.1,  25,         JAVA_HOME",
                "  30,        25,   25.0.1,  25,         JAVA_HOME",
                "  17.0.9,    21,   24,      25.0.1,     two",
                "  1.8.0_292, 21,   -,       -,          PATH",
                "  -,         25,   25.0.1,  25.0.2,     PATH",
                "  -,         21,   22,      9.0.4,      one",
                "  -,         -,    26,      21,         two",
                "  -,         -,    28.0.1,  27-ea,      two",
                "  -,         30,   28.0.1,  1.8.0_292,  one",
            })
    void takesTheNewestThatIsTested(String javaHome, String path, String one, String two, String taken) {
        if (javaHome != null) {
            environment.put("JAVA_HOME", install("JAVA_HOME", javaHome).toString());
        }
        if (path != null) {
            prependToPath(install("PATH", path));
        }
        if (one != null) {
            install("one/jdk", one);
        }
        if (two != null) {
            install("two/jdk", two);
        }

        Path expected = folder.resolve(taken.equals("one") || taken.equals("two") ? taken + "/jdk" : taken);
        try (Run run = find("jdk").exits(0)) {
            assertThat(run.out()).isEqualTo(expected + "\n");
        }
    }

    @Test
    void saysThatOneIsNewerThanTested() {
        install("one/jdk", "31.0.1");

        try (Run run = find("jdk").exits(0)) {
            assertThat(run.err())
                    .isEqualTo("hark: using Java 31 in " + folder.resolve("one/jdk") + "; tested are 21 to 25\n");
        }
    }

    @Test
    void isSilentAboutOneThatIsTested() {
        install("one/jdk", "25.0.1");

        try (Run run = find("jdk").exits(0)) {
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void saysWhatToInstallWhereThereIsNone() {
        install("one/jdk", "17.0.9");

        try (Run run = find("jdk").exits(2)) {
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .isEqualTo("hark: found no JDK (a Java that can compile) of version 21 or newer. Install one, such"
                            + " as Temurin 25 from https://adoptium.net, or point JAVA_HOME to it.\n");
        }
    }

    @Test
    void takesOneThatCannotCompileOnlyToRun() {
        Script.jre(folder.resolve("one/jre"), "25.0.1", "");
        install("two/jdk", "21.0.2");

        try (Run toRun = find("jre").exits(0);
                Run toCompile = find("jdk").exits(0)) {
            assertThat(toRun.out()).isEqualTo(folder.resolve("one/jre") + "\n");
            assertThat(toCompile.out()).isEqualTo(folder.resolve("two/jdk") + "\n");
        }
    }

    @Test
    void asksAJavaWithoutAReleaseFileForItsVersion() throws IOException {
        Path home = Script.jdk(folder.resolve("one/jdk"), "-", "echo 'openjdk version \"21.0.2\" 2024-01-16' >&2");
        Files.delete(home.resolve("release"));

        try (Run run = find("jdk").exits(0)) {
            assertThat(run.out()).isEqualTo(home + "\n");
        }
    }

    @Test
    void passesOverABrokenJava() throws IOException {
        Path broken = Script.jdk(folder.resolve("one/broken"), "-", "exit 1");
        Files.delete(broken.resolve("release"));
        install("two/jdk", "21");

        try (Run run = find("jdk").exits(0)) {
            assertThat(run.out()).isEqualTo(folder.resolve("two/jdk") + "\n");
        }
    }

    @Test
    void looksIntoTheBundlesOfMacOs() {
        install("one/temurin-25.jdk/Contents/Home", "25.0.1");

        try (Run run = find("jdk").exits(0)) {
            assertThat(run.out()).isEqualTo(folder.resolve("one/temurin-25.jdk/Contents/Home") + "\n");
        }
    }

    @Test
    void followsLinksFromThePath() throws IOException {
        install("real home/jdk", "25.0.1");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("alternative"), Path.of("real home/jdk/bin/java"));
        Files.createSymbolicLink(bin.resolve("java"), Path.of("../alternative"));
        environment.merge("PATH", bin.toString(), (path, first) -> first + ":" + path);

        try (Run run = find("jdk").exits(0)) {
            assertThat(run.out()).isEqualTo(folder.resolve("real home/jdk") + "\n");
        }
    }

    private Path install(String place, String version) {
        return Script.jdk(folder.resolve(place), version, "exit 1");
    }

    private void prependToPath(Path javaHome) {
        environment.merge("PATH", javaHome.resolve("bin").toString(), (path, first) -> first + ":" + path);
    }

    /** With the options of both mvnw and hark. */
    private Run find(String kind) {
        String script = "set -euf; . '" + SCRIPT + "'; find_java " + kind + "; echo \"$hark_java\"";
        return new Run(List.of("sh", "-c", script), folder, environment);
    }
}
