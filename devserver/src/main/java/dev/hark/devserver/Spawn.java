package dev.hark.devserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Starts processes. */
final class Spawn {

    private static final int ATTEMPTS = 100;
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Spawn() {}

    /**
     * As {@link ProcessBuilder#start}, but patient with a file that was unpacked just now: if another thread forked while
     * it was being written, that child has it open for a moment, and Linux does not run a file that is open for writing.
     */
    static Process start(ProcessBuilder builder) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return builder.start();
            } catch (IOException e) {
                if (attempt == ATTEMPTS || !isBusy(e)) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static boolean isBusy(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("error=26") || message.contains("text file busy");
    }

    /** Runs a command to its end, without a look at what it says. */
    static void run(String... command) {
        try {
            start(new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD))
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new DevServerException("Cannot run " + command[0] + ": " + e.getMessage(), e);
        }
    }

    /** A command out of reach of what a terminal sends to the programs in its foreground, where the system can do that. */
    static ProcessBuilder inOwnSession(String... command) {
        List<String> all = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            all.add(SETSID.toString());
        }
        all.addAll(List.of(command));
        return new ProcessBuilder(all);
    }
}
