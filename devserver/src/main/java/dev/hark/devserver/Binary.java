package dev.hark.devserver;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Which redis-server a {@link DevServer} runs. It is looked for at each start, not before. */
public final class Binary {

    private static final String FOR_TESTS = "HARK_TEST_REDIS_SERVER";

    private final String description;
    private final Supplier<Executable> search;

    private Binary(String description, Supplier<Executable> search) {
        this.description = description;
        this.search = search;
    }

    /** That very file. */
    public static Binary at(Path file) {
        return new Binary(file.toString(), () -> Executable.probe(file));
    }

    /** The first {@code redis-server}, else the first {@code valkey-server}, of {@code PATH}. */
    public static Binary onPath() {
        return new Binary(
                "redis-server on PATH",
                () -> candidates(System.getenv("PATH"))
                        .map(Executable::probe)
                        .findFirst()
                        .orElseThrow(
                                () -> new DevServerException("Found neither redis-server nor valkey-server on PATH."
                                        + " Install one of them, or use the one that Hark brings along.")));
    }

    /** Redis 7.0.15, which Hark brings along for Linux and macOS; unpacked into {@code ~/.hark} at its first use. */
    public static Binary bundled() {
        return new Binary("the bundled redis-server", () -> Executable.probe(Unpacker.bundled()));
    }

    /**
     * A redis-server that lies on the class path; unpacked as {@link #bundled()}.
     *
     * @param name of the resource, such as {@code redis-server-7.0.15-linux-amd64}
     */
    public static Binary resource(String name) {
        return new Binary(name, () -> Executable.probe(Unpacker.unpack(name)));
    }

    /**
     * One that is new enough for Hark: the file that the environment names in {@code HARK_TEST_REDIS_SERVER}, else what
     * is on {@code PATH}, else the bundled one.
     */
    public static Binary any() {
        return new Binary("any redis-server", () -> any(System.getenv(FOR_TESTS), System.getenv("PATH")));
    }

    static Executable any(String forTests, String path) {
        if (forTests != null && !forTests.isEmpty()) {
            return Executable.probe(Path.of(forTests));
        }
        return candidates(path)
                .flatMap(file -> Executable.tryProbe(file).stream())
                .filter(Executable::isNewEnough)
                .findFirst()
                .orElseGet(() -> Executable.probe(Unpacker.bundled()));
    }

    private static Stream<Path> candidates(String path) {
        List<String> dirs = path == null ? List.of() : List.of(path.split(File.pathSeparator));
        return Stream.of("redis-server", "valkey-server")
                .flatMap(name -> dirs.stream()
                        .filter(dir -> !dir.isEmpty())
                        .map(dir -> Path.of(dir, name))
                        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file)));
    }

    /**
     * The version that it tells, such as {@code 7.0.15}.
     *
     * @throws DevServerException if there is none, or it does not run here
     */
    public String version() {
        return find().version();
    }

    Executable find() {
        return search.get();
    }

    @Override
    public String toString() {
        return description;
    }
}
