package dev.hark.testing;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A file of ids, one a line, each written in one system call, so that it outlives SIGKILL. */
public final class Journal implements AutoCloseable {

    private final FileOutputStream file;

    public Journal(Path path) throws IOException {
        file = new FileOutputStream(path.toFile(), true);
    }

    public void add(String id) throws IOException {
        file.write((id + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Every line of a journal, a half-written one left out; empty if there is none yet. */
    public static List<String> read(Path path) {
        try {
            if (!Files.exists(path)) {
                return List.of();
            }
            String text = Files.readString(path);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands in there more than once. */
    public static Set<String> duplicates(Stream<String> ids) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        ids.forEach(id -> {
            if (!seen.add(id)) {
                twice.add(id);
            }
        });
        return twice;
    }
}
