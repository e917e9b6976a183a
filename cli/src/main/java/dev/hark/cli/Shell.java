package dev.hark.cli;

import dev.hark.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the command of --exec. */
final class Shell {

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /** How long output is awaited that a background process of an ended command may hold open. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    private final List<String> command;
    private final @Nullable Duration timeout;
    private final Output out;
    private final PrintStream err;

    Shell(String command, @Nullable Duration timeout, Output out, PrintStream err) {
        // In a session of its own, so that Ctrl-C is for us: we let it end its message, then drain.
        this.command = Files.isExecutable(SETSID)
                ? List.of(SETSID.toString(), "/bin/sh", "-c", command)
                : List.of("/bin/sh", "-c", command);
        this.timeout = timeout;
        this.out = out;
        this.err = err;
    }

    /** How a run ended. */
    sealed interface Ending {

        /** What it says of its failure. */
        String describe();
    }

    record Exited(int code, String lastLines) implements Ending {
        @Override
        public String describe() {
            return "exit " + code + (lastLines.isEmpty() ? "" : ": " + lastLines);
        }
    }

    record TimedOut(Duration after, String lastLines) implements Ending {
        @Override
        public String describe() {
            return "killed after " + Times.show(after) + (lastLines.isEmpty() ? "" : ": " + lastLines);
        }
    }

    /**
     * Runs the command to its end.
     *
     * @throws OutputException if its output could not be passed on; it was killed then
     */
    Ending run(Message<byte[]> message) throws IOException, InterruptedException {
        Process process = start(message);
        try {
            Pump stdout = Pump.start(process.getInputStream(), out::write, () -> killTree(process));
            Pump stderr = Pump.start(process.getErrorStream(), this::warn, () -> {});
            Thread.ofPlatform().daemon().name("hark-feed").start(() -> feed(process, message.body()));
            boolean ended = await(process);
            if (!ended) {
                killTree(process);
                process.waitFor();
            }
            stdout.await(LAST_OUTPUT);
            stderr.await(LAST_OUTPUT);
            stdout.rethrow();
            return ended
                    ? new Exited(process.exitValue(), stderr.lastLines())
                    : new TimedOut(Objects.requireNonNull(timeout), stderr.lastLines());
        } finally {
            // The listener's deadline has come, perhaps: whoever gets the message next must be alone with it.
            if (process.isAlive()) {
                killTree(process);
            }
        }
    }

    private Process start(Message<byte[]> message) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("HARK_ID", message.id());
        environment.put("HARK_QUEUE", message.queue());
        environment.put("HARK_TYPE", message.type() == null ? "" : message.type());
        environment.put("HARK_ATTEMPT", Integer.toString(message.attempt()));
        return builder.start();
    }

    private static void feed(Process process, byte[] body) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(body);
        } catch (IOException e) {
            // It ended, or closed its stdin, without reading all: its own decision.
        }
    }

    /** Our own lines come between those of commands, so each ends its line. */
    private void warn(byte[] bytes, int length) {
        synchronized (err) {
            err.write(bytes, 0, length);
            if (bytes[length - 1] != '\n') {
                err.println();
            }
        }
    }

    private boolean await(Process process) throws InterruptedException {
        if (timeout == null) {
            process.waitFor();
            return true;
        }
        return process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Children first: once their parent is gone, nobody finds them. */
    private static void killTree(Process process) {
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            descendants.toList().forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
    }
}
