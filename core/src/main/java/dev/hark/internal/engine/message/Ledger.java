package dev.hark.internal.engine.message;

import dev.hark.admin.DeadLetter.Attempt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A message's attempt ledger: one line for each attempt that ended without success, {@code time attempt session what},
 * time in milliseconds by the store's clock. The store adds the lines, and drops the oldest when they grow long.
 */
public final class Ledger {

    /** No error is noted at greater length. */
    static final int MAX_LINE = 1_000;

    private Ledger() {}

    /** Makes an error fit for a line: one line, and not too long. */
    public static String line(String what) {
        return shorten(
                shorten(what, 4 * MAX_LINE)
                        .replace('\r', ' ')
                        .replace('\n', ' ')
                        .strip(),
                MAX_LINE);
    }

    /** At most so many characters; none is cut in two. */
    public static String shorten(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** Reads a ledger; lines of another form are passed over. */
    public static List<Attempt> read(String log) {
        List<Attempt> attempts = new ArrayList<>();
        log.lines().forEach(line -> {
            String[] part = line.split(" ", 4);
            if (part.length == 4 && part[0].matches("\\d{1,15}") && part[1].matches("\\d{1,9}")) {
                attempts.add(new Attempt(
                        Instant.ofEpochMilli(Long.parseLong(part[0])), Integer.parseInt(part[1]), part[2], part[3]));
            }
        });
        return List.copyOf(attempts);
    }
}
