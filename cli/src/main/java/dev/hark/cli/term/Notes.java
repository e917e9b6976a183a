package dev.hark.cli.term;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.BooleanSupplier;

/** What the user reads on stderr: one line each, no passwords, nothing that would play with the terminal. */
public final class Notes {

    private final PrintStream err;
    private final BooleanSupplier verbose;

    public Notes(PrintStream err, BooleanSupplier verbose) {
        this.err = err;
        this.verbose = verbose;
    }

    public void say(String line) {
        err.println("hark: " + Text.oneLine(Secrets.mask(line)));
    }

    /** Said only with --verbose. */
    public void detail(String line) {
        if (verbose.getAsBoolean()) {
            say(line);
        }
    }

    /** No line of it looks like one of ours. */
    private static String indented(String line) {
        return line.startsWith("\t") ? "\t" + Text.escape(line.substring(1)) : "  " + Text.escape(line);
    }

    /** Shown only with --verbose. */
    public void trace(Throwable failure) {
        if (verbose.getAsBoolean()) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            Secrets.mask(trace.toString()).lines().map(Notes::indented).forEach(err::println);
        }
    }
}
