package dev.hark.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
final class Cli {

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
    record Result(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    Cli env(String name, String value) {
        env.put(name, value);
        return this;
    }

    Cli in(String text) {
        return in(text.getBytes(StandardCharsets.UTF_8));
    }

    Cli in(byte[] bytes) {
        return in(new ByteArrayInputStream(bytes));
    }

    Cli in(InputStream stream) {
        in = stream;
        return this;
    }

    Cli out(OutputStream stream) {
        out = stream;
        return this;
    }

    /** With somebody who types this. */
    Cli typing(String text) {
        typed = true;
        return in(text);
    }

    /** With a terminal of so many columns. */
    Cli terminal(int columns) {
        width = columns;
        return this;
    }

    /** With a terminal of so many columns that shows stdout. */
    Cli shownIn(int columns) {
        this.columns = columns;
        return this;
    }

    Result run(String... args) {
        return start(args).await();
    }

    Running start(String... args) {
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
    final class Running implements AutoCloseable {

        private final Thread thread;
        private final CompletableFuture<Integer> code;

        private Running(Thread thread, CompletableFuture<Integer> code) {
            this.thread = thread;
            this.code = code;
        }

        String out() {
            return collected.toString(StandardCharsets.UTF_8);
        }

        byte[] outBytes() {
            return collected.toByteArray();
        }

        String err() {
            return err.toString(StandardCharsets.UTF_8);
        }

        boolean ended() {
            return code.isDone();
        }

        /** Waits until stderr holds this. */
        Running awaitErr(String text) {
            Awaitility.await().atMost(PATIENCE).failFast(this::ended).until(() -> err().contains(text));
            return this;
        }

        /** Waits until stdout holds this. */
        Running awaitOut(String text) {
            Awaitility.await().atMost(PATIENCE).until(() -> out().contains(text));
            return this;
        }

        /** As SIGTERM does. */
        Result stop() {
            stop.join().request();
            return await();
        }

        Result await() {
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
