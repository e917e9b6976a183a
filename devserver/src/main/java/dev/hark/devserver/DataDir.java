package dev.hark.devserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one server, held by a lock: two servers that append to the same file would ruin it.
 *
 * @param temporary whether it was made here, and is deleted at the end
 */
record DataDir(Path path, boolean temporary, FileChannel lock) implements AutoCloseable {

    static DataDir open(@Nullable Path given) {
        try {
            Path path = given == null
                    ? Files.createTempDirectory("hark-redis-")
                    : Files.createDirectories(given.toAbsolutePath().normalize());
            return new DataDir(path, given == null, lock(path));
        } catch (IOException e) {
            throw new DevServerException(
                    "Cannot keep data in " + (given == null ? "a temporary folder" : given) + ": " + e
                            + ". Name a folder that can be written.",
                    e);
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path.resolve(".hark.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException held) {
            // By this very process.
        }
        channel.close();
        throw new DevServerException("Another server keeps its data in " + path + ". Stop it, or name another folder.");
    }

    Path conf() {
        return path.resolve("redis.conf");
    }

    Path log() {
        return path.resolve("redis-server.log");
    }

    @Override
    public void close() {
        try {
            lock.close();
            if (temporary) {
                delete();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path, e);
        }
    }

    private void delete() throws IOException {
        List<Path> children;
        try (Stream<Path> walk = Files.walk(path)) {
            children = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path child : children) {
            Files.deleteIfExists(child);
        }
    }
}
