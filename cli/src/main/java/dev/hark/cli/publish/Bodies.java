package dev.hark.cli.publish;

import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** The bodies to publish, one after the other. Holds one at a time, and never more than the limit. */
final class Bodies {

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final boolean lines;
    private final int limit;

    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int end;
    private boolean over; // read no further: a terminal would ask for a second Ctrl-D

    private byte[] body = new byte[BUFFER];
    private int length;
    private long count;

    private Bodies(InputStream in, boolean lines, int limit) {
        this.in = in;
        this.lines = lines;
        this.limit = limit;
    }

    /** All of the input as one body, be it empty. */
    static Bodies whole(InputStream in, int limit) {
        return new Bodies(in, false, limit);
    }

    /** Each line as a body, without its newline; the last one may lack it. */
    static Bodies lines(InputStream in, int limit) {
        return new Bodies(in, true, limit);
    }

    boolean areLines() {
        return lines;
    }

    /**
     * Reads the next body.
     *
     * @throws CommandFailure if it is larger than the limit
     */
    Optional<byte[]> next() throws IOException {
        length = 0;
        boolean ended = false;
        while (!ended && fill()) {
            int newline = lines ? indexOfNewline() : -1;
            int until = newline < 0 ? end : newline;
            append(until);
            ended = newline >= 0;
            next = ended ? newline + 1 : until;
        }
        boolean whole = !lines && count == 0;
        if (!ended && length == 0 && !whole) {
            return Optional.empty();
        }
        count++;
        return Optional.of(Arrays.copyOf(body, length));
    }

    private boolean fill() throws IOException {
        if (next < end) {
            return true;
        }
        next = 0;
        end = over ? 0 : Math.max(0, in.read(buffer));
        over = end == 0;
        return !over;
    }

    private int indexOfNewline() {
        for (int i = next; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void append(int until) {
        int more = until - next;
        if (more > limit - length) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "the body is larger than " + limit + " bytes; make it smaller, or raise the limit with --max-body");
        }
        if (length + more > body.length) {
            body = Arrays.copyOf(body, (int) Math.min(limit, Math.max(2L * body.length, length + more)));
        }
        System.arraycopy(buffer, next, body, length, more);
        length += more;
    }
}
