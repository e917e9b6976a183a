package dev.hark.testing;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A JVM of its own that a test starts and hurts. It ends with this JVM, since it reads its standard input. */
public final class Child implements AutoCloseable {

    private final Process process;
    private final OutputStream input;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Child(Process process) {
        this.process = process;
        input = process.getOutputStream();
        Thread.ofPlatform().daemon().name("child output").start(this::read);
    }

    /** Starts a main class with the class path of the tests. */
    public static Child start(Class<?> main, String... args) {
        return start(256, System.getProperty("java.class.path"), main, args);
    }

    /** The same with another heap than one of 256 MiB. */
    public static Child startWithHeap(int mebibytes, Class<?> main, String... args) {
        return start(mebibytes, System.getProperty("java.class.path"), main, args);
    }

    /** The same with a folder before that class path. */
    public static Child start(Path before, Class<?> main, String... args) {
        return start(256, before + File.pathSeparator + System.getProperty("java.class.path"), main, args);
    }

    private static Child start(int mebibytes, String classPath, Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx" + mebibytes + "m",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(args));
        try {
            return new Child(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // it was killed
        }
    }

    /** All lines so far that begin like this. */
    public List<String> lines(String prefix) {
        return lines.stream().filter(line -> line.startsWith(prefix)).toList();
    }

    /** Waits for lines that begin like this. */
    public List<String> awaitLines(String prefix, int count) {
        await().atMost(Duration.ofSeconds(30))
                .alias("child says " + count + " times " + prefix + "; it said " + lines)
                .until(() -> lines(prefix).size() >= count);
        return lines(prefix);
    }

    /** Writes a line to its standard input. */
    public void say(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; {@link Process#destroy} would close its standard input as well. */
    public void terminate() {
        signal("TERM");
    }

    /** SIGSTOP. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("cannot send SIG" + name + " to process " + process.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for its end; returns its exit code. */
    public int awaitExit() {
        await().atMost(Duration.ofSeconds(40)).alias("child ends").until(() -> !process.isAlive());
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
