package dev.hark.cli.process;

/** What the process ends with. */
public final class ExitCode {

    public static final int DONE = 0;

    /** It was asked in the right way, and did not work. */
    public static final int FAILED = 1;

    /** It was asked in the wrong way, or there is no Redis that Hark could work with. */
    public static final int WRONG_USE = 2;

    private ExitCode() {}
}
