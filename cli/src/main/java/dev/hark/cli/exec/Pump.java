package dev.hark.cli.exec;

import dev.hark.cli.term.OutputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what a process writes, whole lines at a time so that processes side by side do not mix theirs, and remembers
 * its last lines.
 */
final class Pump {

    /** Of the platform: one that blocks on a pipe holds the carrier of a virtual thread, and commands may keep theirs open. */
    static final ThreadFactory THREADS =
            Thread.ofPlatform().daemon().name("hark-pump").factory();

    private static final int BUFFER = 1 << 13;
    private static final int LONGEST_LINE = 1 << 16;
    private static final int TAIL = 1 << 10;
    private static final int LAST_LINES = 5;

    private final InputStream from;
    private final Sink to;
    private final Runnable onFailure;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Not passed on yet; owned by the pump's thread. */
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** The last bytes that were read; written by the pump's thread. */
    private volatile byte[] tail = {};

    private volatile @Nullable OutputException failure;

    /** Takes the first so many bytes. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] bytes, int length);
    }

    private Pump(InputStream from, Sink to, Runnable onFailure) {
        this.from = from;
        this.to = to;
        this.onFailure = onFailure;
    }

    /** Throws if there can be no thread for it. */
    static Pump start(InputStream from, Sink to, Runnable onFailure, ThreadFactory threads) throws IOException {
        Pump pump = new Pump(from, to, onFailure);
        try {
            threads.newThread(pump::run).start();
        } catch (OutOfMemoryError e) { // of threads, mostly: no fault of what is being done
            throw new IOException(e);
        }
        return pump;
    }

    private void run() {
        byte[] buffer = new byte[BUFFER];
        try (from) {
            for (int n = from.read(buffer); n > 0; n = from.read(buffer)) {
                remember(buffer, n);
                take(buffer, n);
            }
            pass();
        } catch (IOException e) {
            // The process was killed.
        } catch (OutputException e) {
            failure = e;
            onFailure.run();
        } finally {
            ended.countDown();
        }
    }

    private void take(byte[] bytes, int length) {
        int lines = length;
        while (lines > 0 && bytes[lines - 1] != '\n') {
            lines--;
        }
        pending.write(bytes, 0, lines);
        if (lines > 0) {
            pass();
        }
        pending.write(bytes, lines, length - lines);
        if (pending.size() > LONGEST_LINE) {
            pass();
        }
    }

    private void pass() {
        if (pending.size() > 0) {
            to.write(pending.toByteArray(), pending.size());
            pending.reset();
        }
    }

    private void remember(byte[] bytes, int length) {
        byte[] all = Arrays.copyOf(tail, tail.length + length);
        System.arraycopy(bytes, 0, all, tail.length, length);
        tail = Arrays.copyOfRange(all, Math.max(0, all.length - TAIL), all.length);
    }

    /** Waits for the end of what is read, so long at most. */
    void await(Duration time) throws InterruptedException {
        ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Throws what kept it from passing something on. */
    void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }

    String lastLines() {
        List<String> lines =
                new String(tail, StandardCharsets.UTF_8).strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
