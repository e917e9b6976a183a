package dev.hark.internal.memory;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of an entry, as Redis streams have them: milliseconds and a sequence number, written {@code ms-seq}. */
record EntryId(long millis, long sequence) implements Comparable<EntryId> {

    /** Below all others. */
    static final EntryId NONE = new EntryId(0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    /** Reads one; null if it is none. */
    static @Nullable EntryId read(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? new EntryId(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
                : null;
    }

    /** The id of the next entry: ids only grow, even when the clock is set back. */
    EntryId next(long nowMillis) {
        return nowMillis > millis ? new EntryId(nowMillis, 0) : new EntryId(millis, sequence + 1);
    }

    @Override
    public int compareTo(EntryId other) {
        int byTime = Long.compare(millis, other.millis);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return millis + "-" + sequence;
    }
}
