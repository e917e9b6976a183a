package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The command in a JVM of its own, for signals and pipes. Its output goes to files. */
public final class Jvm implements AutoCloseable {

    /** A machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What is ignored where a build runs in the background, or under nohup, would be in the command as well. */
    private static final List<String> HEARING = hearing();

    private final Process process;
    private final Path out;
    private final Path err;

    private Jvm(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    private static List<String> hearing() {
        List<String> env = List.of("env", "--default-signal=HUP,INT,TERM");
        try {
            List<String> trial = new ArrayList<>(env);
            trial.add("true");
            return new ProcessBuilder(trial).start().waitFor() == 0 ? env : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The words that start the command, for a shell. */
    public static List<String> command(List<String> options, String... args) {
        return command(options, List.of("-cp", System.getProperty("java.class.path"), "dev.hark.cli.Main"), args);
    }

    /** The words that start the command of another build. */
    public static List<String> command(Path jar, String... args) {
        return command(List.of(), List.of("-jar", jar.toString()), args);
    }

    private static List<String> command(List<String> options, List<String> what, String... args) {
        List<String> command = new ArrayList<>(HEARING);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(what);
        command.addAll(List.of(args));
        return command;
    }

    public static Jvm start(TestServer server, String... args) {
        return start(server, List.of(), Path.of("/dev/null"), args);
    }

    public static Jvm start(TestServer server, List<String> options, Path in, String... args) {
        return run(server, in, command(options, args));
    }

    public static Jvm run(TestServer server, Path in, List<String> command) {
        try {
            Path out = Files.createTempFile("hark", ".out");
            Path err = Files.createTempFile("hark", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("HARK_REDIS", server.url());
            return new Jvm(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes that have this among their arguments. */
    public static List<ProcessHandle> running(String argument) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(argument::equals))
                .toList();
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    public Path outFile() {
        return out;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Jvm awaitErr(String text) {
        Awaitility.await()
                .atMost(PATIENCE)
                .failFast("ended: ", () -> !process.isAlive() && !err().contains(text))
                .until(() -> err().contains(text));
        return this;
    }

    public Jvm awaitOut(String text) {
        Awaitility.await().atMost(PATIENCE).until(() -> out().contains(text));
        return this;
    }

    /**
     * Sends it a signal.
     *
     * @param name as the shell's kill takes it: TERM, INT, KILL
     */
    public Jvm signal(String name) throws IOException, InterruptedException {
        return signal(name, Long.toString(process.pid()));
    }

    /** As a terminal does with Ctrl-C, if this leads a group of processes. */
    public Jvm signalGroup(String name) throws IOException, InterruptedException {
        return signal(name, "-" + process.pid());
    }

    private Jvm signal(String name, String target) throws IOException, InterruptedException {
        int code = new ProcessBuilder("/bin/kill", "-s", name, "--", target)
                .start()
                .waitFor();
        assertThat(code).as("kill " + target).isZero();
        return this;
    }

    public int await() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + err());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.delete(out);
        Files.delete(err);
    }
}
