package dev.hark.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder that parcels lie in. A process of its own deletes it when it is closed, or when this process ends in whatever
 * way, since the system then closes the pipe that it reads.
 */
final class Parcels implements AutoCloseable {

    private static final String JANITOR = "trap '' HUP INT TERM; read -r _; rm -rf -- \"$1\"";

    private final Path in;
    private @Nullable Path folder; // guarded by this, as below
    private @Nullable Process janitor;

    /** @param in the folder of temporary files */
    Parcels(Path in) {
        this.in = in;
    }

    /** Makes it, the first time, and again if it is gone: some systems delete temporary files after some days. */
    synchronized Path folder() throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            close();
            Path made = Files.createTempDirectory(in, "hark-exec-");
            try {
                janitor = new ProcessBuilder("/bin/sh", "-c", JANITOR, "hark-janitor", made.toString())
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                Files.delete(made);
                throw e;
            }
            folder = made;
        }
        return folder;
    }

    @Override
    public synchronized void close() {
        if (janitor != null) {
            try {
                janitor.getOutputStream().close();
            } catch (IOException e) {
                // it is closed all the same
            }
        }
    }
}
