package dev.hark.cli;

import dev.hark.cli.process.Io;
import dev.hark.cli.process.Stop;
import dev.hark.cli.term.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Runs the command within the JVM of the test. */
public final class Cli {

    /** A machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, String> env = new HashMap<>();
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Stop> stop = new CompletableFuture<>();
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = collected;
    private int width;
    private int columns;
    private boolean typed;

    /** What a run printed and returned. */
    public record Result(int code, String out, String err) {
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    public Cli env(String name, String value) {
        env.put(name, value);
        return this;
    }

    public Cli in(String text) {
        return in(text.getBytes(StandardCharsets.UTF_8));
    }

    public Cli in(byte[] bytes) {
        return in(new ByteArrayInputStream(bytes));
    }

    public Cli in(InputStream stream) {
        in = stream;
        return this;
    }

    public Cli out(OutputStream stream) {
        out = stream;
        return this;
    }

    /** With somebody who types this. */
    public Cli typing(String text) {
        typed = true;
        return in(text);
    }

    /** With a terminal of so many columns. */
    public Cli terminal(int columns) {
        width = columns;
        return this;
    }

    /** With a terminal of so many columns that shows stdout. */
    public Cli shownIn(int columns) {
        this.columns = columns;
        return this;
    }

    public static OutputStream closedPipe() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }

    /** Runs it in a process that the test makes up. */
    public static int run(Io io, String... args) {
        return Main.run(args, io);
    }

    public Result run(String... args) {
        return start(args).await();
    }

    public Running start(String... args) {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().name("cli").start(() -> {
            try {
                code.complete(Main.run(args, io()));
            } catch (Throwable e) {
                code.completeExceptionally(e);
            }
        });
        return new Running(thread, code);
    }

    private Io io() {
        Terminal terminal = new Terminal() {
            @Override
            public boolean input() {
                return typed;
            }

            @Override
            public int width() {
                return width;
            }

            @Override
            public int columns() {
                return columns;
            }
        };
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Io(in, out, errors, env, terminal, stop::complete);
    }

    /** A command that is still at it. */
    public final class Running implements AutoCloseable {

        private final Thread thread;
        private final CompletableFuture<Integer> code;

        private Running(Thread thread, CompletableFuture<Integer> code) {
            this.thread = thread;
            this.code = code;
        }

        public String out() {
            return collected.toString(StandardCharsets.UTF_8);
        }

        public byte[] outBytes() {
            return collected.toByteArray();
        }

        public String err() {
            return err.toString(StandardCharsets.UTF_8);
        }

        public boolean ended() {
            return code.isDone();
        }

        /** Waits until stderr holds this. */
        public Running awaitErr(String text) {
            Awaitility.await().atMost(PATIENCE).failFast(this::ended).until(() -> err().contains(text));
            return this;
        }

        /** Waits until stdout holds this. */
        public Running awaitOut(String text) {
            Awaitility.await().atMost(PATIENCE).until(() -> out().contains(text));
            return this;
        }

        /** As SIGTERM does. */
        public Result stop() {
            stop.join().request();
            return await();
        }

        public Result await() {
            return new Result(code.orTimeout(60, TimeUnit.SECONDS).join(), out(), err());
        }

        @Override
        public void close() {
            if (!ended()) {
                thread.interrupt();
                await();
            }
        }
    }
}
