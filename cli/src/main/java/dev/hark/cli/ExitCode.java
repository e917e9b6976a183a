package dev.hark.cli;

/** What the process ends with. */
final class ExitCode {

    static final int DONE = 0;

    /** It was asked in the right way, and did not work. */
    static final int FAILED = 1;

    /** It was asked in the wrong way, or there is no Redis that Hark could work with. */
    static final int WRONG_USE = 2;

    private ExitCode() {}
}
