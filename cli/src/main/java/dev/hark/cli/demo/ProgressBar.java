package dev.hark.cli.demo;

import dev.hark.cli.process.Io;
import dev.hark.cli.term.Text;
import java.io.PrintStream;
import java.util.Locale;

/** Shows on a terminal how far it is; nothing where there is no terminal. Used by one thread. */
final class ProgressBar implements AutoCloseable {

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int WIDEST = 50;

    private final PrintStream err;
    private final int width;
    private final int total;
    private final long start = System.nanoTime();

    ProgressBar(Io io, int total) {
        this.err = io.err();
        this.width = io.terminal().width();
        this.total = total;
    }

    void show(int done) {
        if (width > 0) {
            err.print(CLEAR_LINE + line(done, (System.nanoTime() - start) / 1e9));
            err.flush();
        }
    }

    private String line(int done, double seconds) {
        String figures =
                String.format(Locale.ROOT, " %,d of %,d, %,.0f/s", done, total, done / Math.max(seconds, 0.001));
        int room = Math.min(WIDEST, width - figures.length() - 3);
        if (room < 1) {
            return Text.shorten(figures.strip(), width - 1);
        }
        int full = (int) ((long) room * done / total);
        return "[" + "=".repeat(full) + " ".repeat(room - full) + "]" + figures;
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (width > 0) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
