package dev.hark.cli.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A checkout with the real launcher, in which Maven and Java are scripts that tell what they were asked for. */
final class FakeCheckout {

    private static final Path REAL_ROOT = Path.of("").toAbsolutePath().getParent();

    private static final List<String> CONTAINER =
            List.of("/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "--kill-child");

    /** The sources are older than what any test builds. */
    private static final FileTime OLD = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    private final String shell;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    /**
     * @param shell what runs the launcher
     * @param folder an empty one, for the checkout and what is around it
     */
    FakeCheckout(String shell, Path folder) throws IOException {
        this.shell = shell;
        this.folder = folder.toRealPath();
        for (String file : List.of("hark", ".mvn/find-java.sh")) {
            Path copy = root().resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(REAL_ROOT.resolve(file), copy);
        }
        for (String file : List.of("pom.xml", "core/pom.xml", "core/src/main/Main.java", "core/src/test/Test.java")) {
            Path source = root().resolve(file);
            Files.createDirectories(source.getParent());
            Files.setLastModifiedTime(Files.createFile(source), OLD);
        }
        Files.createDirectories(folder.resolve("home"));
        Script.jdk(folder.resolve("jvm/jdk"), "25.0.1", """
                echo "pid $$"
                echo "LC_ALL ${LC_ALL-unset}"
                for argument; do echo "[$argument]"; done
                """);
        maven("");
        set("PATH", Script.tools());
        set("HOME", folder.resolve("home").toString());
        set("HARK_JAVA_DIRS", folder.resolve("jvm").toString());
    }

    Path root() {
        return folder.resolve("check out");
    }

    Path resolve(String file) {
        return root().resolve(file);
    }

    Path lock() {
        return resolve(".hark/build.lock");
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    void unset(String variable) {
        environment.remove(variable);
    }

    /** Replaces Maven by one that runs this script, and then builds. */
    void maven(String script) {
        Script.write(resolve("mvnw"), script + """

                echo "$@" >>builds
                mkdir -p cli/target
                echo jar >cli/target/hark.jar
                """);
    }

    /** The arguments of each call of Maven that came to its end. */
    List<String> builds() {
        Path builds = resolve("builds");
        try (Stream<String> lines = Files.exists(builds) ? Files.lines(builds) : Stream.empty()) {
            return lines.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file newer than everything that was built. */
    void edit(String file) throws IOException {
        Files.setLastModifiedTime(resolve(file), FileTime.from(Instant.now().plusSeconds(1)));
    }

    Run hark(String... arguments) {
        return call(resolve("hark"), arguments);
    }

    /** Runs the launcher as process 1, with such redirections. */
    Run contained(String redirections) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" " + redirections, "sh"));
        command.addAll(CONTAINER);
        command.addAll(List.of(shell, resolve("hark").toString()));
        return new Run(command, folder, environment);
    }

    /** Whether that can be done here: it takes a system and rights. */
    static boolean canContain() {
        return canRun(Stream.concat(CONTAINER.stream(), Stream.of("/bin/true")).toList());
    }

    /** Whether this system can let hear what a shell lets ignore. */
    static boolean canHearAll() {
        return canRun(List.of("setsid", "env", "--default-signal=INT,QUIT", "true"));
    }

    private static boolean canRun(List<String> command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Run call(Path launcher, String... arguments) {
        List<String> command = Stream.concat(Stream.of(shell, launcher.toString()), Stream.of(arguments))
                .toList();
        return new Run(command, folder, environment);
    }
}
