package dev.hark.cli;

import java.io.IOException;

/** A result could not be written to stdout. */
final class OutputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    OutputException(IOException cause) {
        super("cannot write the results to stdout: " + cause.getMessage(), cause);
        this.readerGone = String.valueOf(cause.getMessage()).contains("Broken pipe");
    }

    /** Whether the other end of the pipe is closed, as with {@code | head}: no failure, just the end. */
    boolean readerGone() {
        return readerGone;
    }
}
