package dev.hark.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** Results, on stdout. Each call is one write, so that lines of several threads do not mix. */
final class Output {

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();

    /** Once a write has failed, no other is tried: what came after a gap would mislead. */
    private volatile boolean broken;

    Output(OutputStream out) {
        this.out = out;
    }

    boolean broken() {
        return broken;
    }

    /** Writes a line of text. */
    void line(String text) {
        line(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the bytes as they are, and a newline. Returns once they are flushed. */
    void line(byte[] bytes) {
        byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = '\n';
        write(line, line.length);
    }

    /** Writes the bytes as they are. Returns once they are flushed. */
    void write(byte[] bytes, int length) {
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
