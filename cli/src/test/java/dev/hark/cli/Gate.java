package dev.hark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;

/** A named pipe: whoever reads it waits until it is opened. */
public final class Gate implements AutoCloseable {

    private final Path pipe;

    public Gate() throws IOException {
        pipe = Files.createTempDirectory("hark-gate").resolve("pipe");
        try {
            int code = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
            if (code != 0) {
                throw new IOException("mkfifo " + pipe + " failed with " + code);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    public Path path() {
        return pipe;
    }

    /** Lets one reader go on. Waits for it to come. */
    public void open() {
        Awaitility.await().until(() -> {
            new ProcessBuilder("sh", "-c", ": > \"$1\"", "sh", pipe.toString())
                    .start()
                    .waitFor();
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        Files.delete(pipe);
        Files.delete(pipe.getParent());
    }
}
