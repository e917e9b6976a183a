package dev.hark.cli.exec;

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

    /** Without setsid it is in the group of this process, and so hears what a terminal sends, Ctrl-\ included. */
    private static final String JANITOR = "trap '' HUP INT QUIT TERM; read -r _; rm -rf -- \"$1\"";

    private final Path in;
    private @Nullable Path folder; // guarded by this, as below
    private @Nullable Process janitor;

    /** @param in the folder of temporary files */
    Parcels(Path in) {
        this.in = in;
    }

    /**
     * Makes it, the first time, and again if it is gone: some systems delete temporary files after some days. Whoever deletes
     * it may have been killed, too.
     */
    synchronized Path folder() throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            close();
            Path made = Files.createTempDirectory(in, "hark-exec-");
            try {
                janitor = janitor(made);
            } catch (IOException e) {
                Files.delete(made);
                throw e;
            }
            folder = made;
        } else if (janitor == null || !janitor.isAlive()) {
            janitor = janitor(folder);
        }
        return folder;
    }

    private static Process janitor(Path folder) throws IOException {
        return new ProcessBuilder(Guard.inSession("/bin/sh", "-c", JANITOR, "hark-janitor", folder.toString()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
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
