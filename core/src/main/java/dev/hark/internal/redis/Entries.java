package dev.hark.internal.redis;

import dev.hark.internal.engine.Envelope;
import dev.hark.internal.engine.Store.Content;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of streams. Hark writes the fields {@code hark} and {@code body}, in this order. The first line of
 * {@code hark} is {@code 1} for a message that was never handed over, else {@code 1 id publishedAt attempts recoveries};
 * the second holds the meta data, all further ones the attempt ledger.
 */
final class Entries {

    private static final byte[] FRESH = {'1'};
    private static final String[] FRESH_LINES = {"1"};
    private static final long LAST_MILLIS = 999_999_999_999_999L;

    private Entries() {}

    /** Reads the fields of one entry. */
    static Content content(String entry, List<Object> fields) {
        byte[] hark = field(fields, "hark", 0);
        boolean fresh = hark == null || Arrays.equals(hark, FRESH);
        String[] line = fresh ? FRESH_LINES : Link.text(hark).split("\n", 3);
        String[] word = line[0].split(" ", -1);
        if (!word[0].equals("1") || (word.length != 1 && word.length != 5)) {
            return new Content.Unknown(word[0].equals("1") ? line[0] : word[0]);
        }
        byte[] body = field(fields, "body", hark == null ? 0 : 2);
        if (body == null) {
            return new Content.Illegible("the entry has no field 'body'; its fields are " + names(fields));
        }
        String meta = hark == null ? string(fields, "meta") : line.length > 1 ? line[1] : "";
        String log = line.length > 2 ? line[2] : "";
        if (word.length == 1) {
            return new Content.Legible(new Envelope(entry, millis(entry), 0, 0, meta, log, body, hark == null));
        }
        try {
            int attempts = Integer.parseInt(word[3]);
            int recoveries = Integer.parseInt(word[4]);
            return new Content.Legible(
                    new Envelope(word[1], millis(word[2]), attempts, recoveries, meta, log, body, false));
        } catch (NumberFormatException e) {
            return new Content.Unknown(line[0]);
        }
    }

    /** The time in an entry's id. Other programs may give ids beyond all times: these count as the last one. */
    static long millis(String id) {
        int dash = id.indexOf('-');
        String time = dash < 0 ? id : id.substring(0, dash);
        return time.length() > 15 ? LAST_MILLIS : Long.parseLong(time);
    }

    private static String string(List<Object> fields, String name) {
        byte[] value = field(fields, name, 2);
        return value == null || value.length == 0 ? "" : new String(value, StandardCharsets.UTF_8);
    }

    static byte @Nullable [] field(List<Object> fields, String name, int usually) {
        if (usually + 1 < fields.size() && is(fields.get(usually), name)) {
            return (byte[]) fields.get(usually + 1);
        }
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (is(fields.get(i), name)) {
                return (byte[]) fields.get(i + 1);
            }
        }
        return null;
    }

    private static boolean is(Object field, String name) {
        byte[] bytes = (byte[]) field;
        if (bytes.length != name.length()) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String names(List<Object> fields) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < fields.size() && names.length() < 200; i += 2) {
            names.append(i == 0 ? "'" : ", '").append(Link.text(fields.get(i))).append('\'');
        }
        return names.toString();
    }
}
