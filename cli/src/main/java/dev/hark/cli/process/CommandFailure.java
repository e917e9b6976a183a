package dev.hark.cli.process;

import org.jspecify.annotations.Nullable;

/** Ends a command with an exit code and one line that says what, names the value, and says what to do. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandFailure(int exitCode, String message) {
        this(exitCode, message, null);
    }

    /** The cause shows with --verbose only: the message must say it all. */
    public CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
