package dev.hark.cli.term;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** Results, on stdout. Each call is one write, so that lines of several threads do not mix. */
public final class Output {

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();

    /** Once a write has failed, no other is tried: what came after a gap would mislead. */
    private volatile boolean broken;

    private final Terminal terminal;

    /** Found out once it is asked for; -1 before. */
    private volatile int columns = -1;

    public Output(OutputStream out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** The columns of the terminal that shows it; 0 if it goes elsewhere. */
    public int columns() {
        if (columns < 0) {
            columns = terminal.columns();
        }
        return columns;
    }

    boolean broken() {
        return broken;
    }

    /** Writes a line of text. What would act on a terminal is escaped, as JSON does it, so that JSON stays the same. */
    public void line(String text) {
        bytes(Text.escape(text).getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a body as it is, or as can be shown where a terminal would obey it, and a newline. */
    public void body(byte[] body) {
        if (columns() > 0) {
            line(Text.show(body));
        } else {
            bytes(body);
        }
    }

    private void bytes(byte[] bytes) {
        byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        write(line, line.length);
    }

    /** Writes the bytes as they are. Returns once they are flushed. */
    public void write(byte[] bytes, int length) {
        lock.lock();
        try {
            if (broken) {
                throw new OutputException(new IOException("Broken pipe"));
            }
            out.write(bytes, 0, length);
            out.flush();
        } catch (IOException e) {
            broken = true;
            throw new OutputException(e);
        } finally {
            lock.unlock();
        }
    }
}
