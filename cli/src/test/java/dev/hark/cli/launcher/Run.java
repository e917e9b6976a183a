package dev.hark.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program at work, or its end. */
final class Run implements AutoCloseable {

    private final Process process;
    private final Path out;
    private final Path err;

    /** @param environment all of it */
    Run(List<String> command, Path directory, Map<String, String> environment) {
        try {
            out = Files.createTempFile("hark-run-", ".out");
            err = Files.createTempFile("hark-run-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    Run awaitOut(String text) {
        await().until(this::out, said -> said.contains(text));
        return this;
    }

    Run awaitErr(String text) {
        await().until(this::err, said -> said.contains(text));
        return this;
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /**
     * Sends a signal to the process that this one has started.
     *
     * @param name as kill takes it: INT
     */
    Run signalChild(String name) {
        long child = process.children().findAny().orElseThrow().pid();
        try {
            assertThat(new ProcessBuilder("/bin/kill", "-s", name, Long.toString(child))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Writes to its stdin. */
    Run type(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Waits for the end, which must come with this exit code. */
    Run exits(int code) {
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("has ended").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(process.exitValue()).as(this::err).isEqualTo(code);
        return this;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            Files.delete(out);
            Files.delete(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
