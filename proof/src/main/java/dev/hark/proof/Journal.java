package dev.hark.proof;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one process did, a line for each event: milliseconds since 1970, a verb, words. A line is on the disk when writing
 * it returns; lines of several threads go there together.
 */
final class Journal implements AutoCloseable {

    /** One event. */
    record Line(long at, String verb, List<String> words) {

        static Line now(String verb, Object... words) {
            return new Line(
                    System.currentTimeMillis(),
                    verb,
                    Stream.of(words).map(String::valueOf).toList());
        }

        static Line read(String text) {
            List<String> all = List.of(text.split(" "));
            return new Line(Long.parseLong(all.get(0)), all.get(1), all.subList(2, all.size()));
        }

        String word(int i) {
            return words.get(i);
        }

        @Override
        public String toString() {
            return at + " " + verb + (words.isEmpty() ? "" : " " + String.join(" ", words));
        }
    }

    private final FileOutputStream file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StringBuilder pending = new StringBuilder(); // guarded by lock, as all below
    private long added;
    private long synced;
    private boolean syncing;
    private boolean broken;

    Journal(Path path) {
        try {
            file = new FileOutputStream(path.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String verb, Object... words) {
        write(List.of(Line.now(verb, words)));
    }

    /** Returns when the lines are on the disk. With a full heap it throws, and later lines still go there whole. */
    void write(List<Line> lines) {
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        lock.lock();
        try {
            pending.append(text);
            long mine = ++added;
            while (synced < mine) {
                if (broken) {
                    throw new IllegalStateException("the journal cannot be written");
                } else if (syncing) {
                    changed.awaitUninterruptibly();
                } else {
                    sync();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held, which is given up meanwhile. */
    private void sync() {
        long upTo = added;
        byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8); // may throw: the heap may be full
        pending.setLength(0);
        syncing = true;
        boolean written = false;
        lock.unlock();
        try {
            file.write(bytes);
            file.getFD().sync();
            written = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.lock();
            syncing = false;
            broken = !written;
            synced = written ? upTo : synced;
            changed.signalAll();
        }
    }

    /** Reads every line of a journal, a half-written last one left out; none if there is no journal yet. */
    static void read(Path path, Consumer<Line> each) {
        if (!Files.exists(path)) {
            return;
        }
        try (BufferedReader in = Files.newBufferedReader(path)) {
            boolean complete = endsComplete(path);
            String line = in.readLine();
            while (line != null) {
                String next = in.readLine();
                if (next != null || complete) {
                    each.accept(Line.read(line));
                }
                line = next;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean endsComplete(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            if (file.length() == 0) {
                return true;
            }
            file.seek(file.length() - 1);
            return file.read() == '\n';
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
