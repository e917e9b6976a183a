package dev.hark.cli;

/** SIGTERM and SIGINT. */
@FunctionalInterface
interface Signals {

    /** Requests the stop at the first signal; the process then ends with the exit code of the command. */
    void stopping(Stop stop);
}
