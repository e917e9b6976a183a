package dev.hark.cli.exec;

import dev.hark.Message;
import dev.hark.cli.process.Io;
import dev.hark.cli.term.Output;
import dev.hark.cli.term.Times;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs the command of --exec. */
public final class Shell implements AutoCloseable {

    /** How long output is awaited that a background process of an ended command may hold open. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    /** E2BIG: arguments and environment are more than the system takes, which depends on what else is there. */
    private static final Pattern TOO_LONG = Pattern.compile("error(=|: )7\\b");

    private final Guard guard = new Guard();
    private final String command;
    private final @Nullable Duration timeout;
    private final Parcels parcels;
    private final Output out;
    private final PrintStream err;
    private final ThreadFactory threads;

    public Shell(String command, @Nullable Duration timeout, Io io, Output out) {
        this(command, timeout, io, out, Pump.THREADS);
    }

    /** @param threads makes those that read what commands write */
    Shell(String command, @Nullable Duration timeout, Io io, Output out, ThreadFactory threads) {
        this.command = command;
        this.timeout = timeout;
        this.parcels = new Parcels(Path.of(io.env().getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir"))));
        this.out = out;
        this.err = io.err();
        this.threads = threads;
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

    /** There was no process for it, no thread to read what it writes (then it was killed), or no space for the body. */
    record NotStarted(IOException reason) implements Ending {
        @Override
        public String describe() {
            return "its command cannot be started: " + reason;
        }
    }

    /**
     * Runs the command to its end.
     *
     * @throws OutputException if its output could not be passed on; it was killed then
     */
    Ending run(Message<byte[]> message) throws InterruptedException {
        try (Parcel parcel = Parcel.of(message, parcels.folder())) {
            Ending ending = toItsEnd(start(parcel));
            return ending instanceof Exited exited && exited.code() != 0 && !guard.hasBegun(parcel)
                    ? new NotStarted(new IOException(exited.describe()))
                    : ending;
        } catch (IOException e) {
            return new NotStarted(e);
        }
    }

    private Process start(Parcel parcel) throws IOException {
        try {
            return guard.start(command, parcel);
        } catch (IOException e) {
            if (!TOO_LONG.matcher(String.valueOf(e.getMessage())).find()) {
                throw e;
            }
            parcel.useFile();
            return guard.start(command, parcel);
        }
    }

    private Ending toItsEnd(Process process) throws IOException, InterruptedException {
        boolean over = false;
        try {
            Pump stdout = Pump.start(process.getInputStream(), out::write, () -> guard.kill(process), threads);
            Pump stderr = Pump.start(process.getErrorStream(), this::warn, () -> {}, threads);
            boolean ended = await(process);
            if (!ended) {
                guard.kill(process);
                process.waitFor();
            }
            over = true;
            stdout.await(LAST_OUTPUT);
            stderr.await(LAST_OUTPUT);
            stdout.rethrow();
            return ended
                    ? new Exited(process.exitValue(), stderr.lastLines())
                    : new TimedOut(Objects.requireNonNull(timeout), stderr.lastLines());
        } finally {
            // The listener's deadline has come, perhaps: whoever gets the message next must be alone with it.
            if (!over) {
                guard.kill(process);
            }
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

    @Override
    public void close() {
        parcels.close();
    }
}
