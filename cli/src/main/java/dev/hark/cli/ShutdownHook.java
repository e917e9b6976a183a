package dev.hark.cli;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Signals by way of a shutdown hook. A JVM that ends by SIGTERM or SIGINT would return 143 or 130, also when everything
 * was drained as asked; so the hook waits for the command to end and halts with its exit code. A command that hears no
 * signals ends by them in the usual way.
 */
final class ShutdownHook implements Signals {

    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /** Owned by the main thread. */
    private @Nullable Thread hook;

    @Override
    public void stopping(Stop stop) {
        Thread created = new Thread(
                () -> {
                    stop.request();
                    Runtime.getRuntime().halt(ended.join());
                },
                "hark-stop");
        try {
            Runtime.getRuntime().addShutdownHook(created);
            hook = created;
        } catch (IllegalStateException alreadyEnding) {
            stop.request();
        }
    }

    /** Ends the process. The last call of the main thread. */
    void exit(int code) {
        ended.complete(code);
        try {
            if (hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException itRuns) {
            return;
        }
        System.exit(code);
    }
}
