package dev.hark.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The files that Redis appends to: one of 6.2, or the base and the increment of 7.0, in this order. */
record Aof(List<Path> parts) {

    static Aof of(Path dir) {
        try (Stream<Path> walk = Files.walk(dir)) {
            return new Aof(walk.filter(path ->
                            path.toString().endsWith(".aof") || path.toString().endsWith(".base.rdb"))
                    .sorted()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long size() {
        return parts.stream().mapToLong(Aof::size).sum();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the last part, so that all have this length together, but for so many bytes of what follows. */
    void cut(long length, long torn) {
        long total = size();
        if (length > total) {
            throw new IllegalStateException("the files have " + total + " bytes, and not " + length);
        }
        Path last = parts.get(parts.size() - 1);
        long gone = Math.max(0, total - length - torn);
        try (FileChannel file = FileChannel.open(last, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - gone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
