package dev.hark.cli.process;

/** SIGTERM, SIGINT and SIGHUP. */
@FunctionalInterface
public interface Signals {

    /**
     * Requests the stop at the first signal, and haste at the second. The process ends with the exit code of the command,
     * or, in haste, with that of the signal.
     */
    void stopping(Stop stop);
}
