package dev.hark.devserver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Starts one run after the other of the same server. */
record Launcher(Executable executable, ConfForm form, ServerOptions options, DataDir dir) {

    static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private static final int PORT_ATTEMPTS = 20;
    private static final int LOG_TAIL_LINES = 10;

    /** On the port that the options name, or else on one of these. */
    RedisProcess first(IntSupplier freePorts) {
        if (options.port() != 0) {
            return launch(options.port());
        }
        for (int attempt = 1; attempt < PORT_ATTEMPTS; attempt++) {
            Optional<RedisProcess> launched = tryLaunch(freePorts.getAsInt());
            if (launched.isPresent()) {
                return launched.get();
            }
        }
        return launch(freePorts.getAsInt());
    }

    RedisProcess launch(int port) {
        return tryLaunch(port)
                .orElseThrow(() -> new DevServerException("Port " + port + " of 127.0.0.1 is taken by another program."
                        + " Stop that one, name another port, or 0 for a free one."));
    }

    /** Empty if somebody else has the port. */
    private Optional<RedisProcess> tryLaunch(int port) {
        RedisProcess launched = RedisProcess.launch(executable, form, options, port, dir);
        return switch (launched.awaitReady(START_TIMEOUT)) {
            case READY -> Optional.of(launched);
            case PORT_TAKEN -> Optional.empty();
            case DIED -> throw failure(launched, "ended at once");
            case SILENT -> {
                launched.kill();
                throw failure(launched, "did not answer within " + START_TIMEOUT.toSeconds() + " s");
            }
        };
    }

    DevServerException failure(RedisProcess launched, String what) {
        return new DevServerException(executable.path() + " (" + executable.version() + ") on port " + launched.port()
                + " " + what + ". Its last lines:\n" + tail(launched));
    }

    static String tail(RedisProcess process) {
        List<String> lines = process.logText().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }
}
