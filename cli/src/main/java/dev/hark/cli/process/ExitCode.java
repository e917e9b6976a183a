package dev.hark.cli.process;

/** What the process ends with. */
public final class ExitCode {

    public static final int DONE = 0;

    /** It was asked in the right way, and did not work. */
    public static final int FAILED = 1;

    /** It was asked in the wrong way, or there is no Redis that Hark could work with. */
    public static final int WRONG_USE = 2;

    // For help.
    public static final String DONE_MEANS = "0:done";
    public static final String FAILED_MEANS =
            "1:failed: a message too large, a key of the wrong type, something not found, a promise that does not hold";
    public static final String WRONG_USE_MEANS =
            "2:wrong use, no Redis within 5 s, or a Redis that might lose messages";

    private ExitCode() {}
}
