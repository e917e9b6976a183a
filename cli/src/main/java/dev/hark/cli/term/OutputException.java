package dev.hark.cli.term;

import java.io.IOException;

/** A result could not be written to stdout. */
public final class OutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    public OutputException(IOException cause) {
        super("cannot write the results to stdout: " + cause.getMessage(), cause);
        this.readerGone = String.valueOf(cause.getMessage()).contains("Broken pipe");
    }

    /** Whether the other end of the pipe is closed, as with {@code | head}: no failure, just the end. */
    public boolean readerGone() {
        return readerGone;
    }
}
