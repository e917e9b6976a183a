package dev.hark.internal.engine.message;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of an entry's field {@code hark}, which says how to read the rest. {@code docs/protocol.md} has the
 * grammar; {@code read_head} in {@code message.lua} goes by the same one, to the letter: what one side counts and the
 * other does not would be tried for ever.
 */
public sealed interface Head {

    /** Of a message that has never changed hands. */
    record Fresh() implements Head {}

    /** Of a message that has, with what {@link Envelope} says of these. */
    record Named(String id, long publishedAtMillis, int attempts, int recoveries) implements Head {}

    /** Of another version, to be left to those who know it. */
    record Unknown(String version) implements Head {}

    /** Of none. */
    record Malformed(String line) implements Head {

        private static final int SHOWN = 100;

        /** Says so, fit for a reason. */
        public String reason() {
            String clean = line.replaceAll("\\p{Cntrl}", "?");
            return "its field 'hark' begins with no envelope of Hark: '"
                    + (clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "…") + "'";
        }
    }

    /** Reads a line. */
    static Head read(String line) {
        if (line.equals("1")) {
            return new Fresh();
        }
        Matcher named = Forms.NAMED.matcher(line);
        if (named.matches()) {
            return new Named(
                    named.group(1),
                    Long.parseLong(named.group(2)),
                    Integer.parseInt(named.group(3)),
                    Integer.parseInt(named.group(4)));
        }
        Matcher other = Forms.OTHER.matcher(line);
        return other.lookingAt() ? new Unknown(other.group(1)) : new Malformed(line);
    }

    /** The grammar. */
    final class Forms {

        private static final Pattern NAMED =
                Pattern.compile("1 ([!-~]{1,128}) ([0-9]{1,15}) ([0-9]{1,9}) ([0-9]{1,9})");
        private static final Pattern OTHER = Pattern.compile("(?!1[ ])(?!1\\z)([1-9][0-9]{0,8})(?: |\\z)");

        private Forms() {}
    }
}
