package dev.hark.cli.process;

import java.time.Duration;

/** SIGTERM, SIGINT and SIGHUP. */
@FunctionalInterface
public interface Signals {

    /**
     * Requests the stop at the first signal, and haste at the second. The process ends with the exit code of the command,
     * or, in haste, with that of the signal.
     */
    void stopping(Stop stop);

    /** Ends the process as failed if it is still there after this time, whatever it does; not where a test runs a command. */
    default void endIn(Duration time) {}
}
