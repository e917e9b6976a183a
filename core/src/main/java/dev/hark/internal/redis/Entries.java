package dev.hark.internal.redis;

import dev.hark.internal.engine.Envelope;
import dev.hark.internal.engine.Store.Content;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of streams. Hark writes the fields {@code hark}, {@code meta}, {@code log}, {@code body}, in this order;
 * {@code hark} is {@code 1} for a message that was never handed over, else {@code 1 id publishedAt attempts recoveries}.
 */
final class Entries {

    private static final byte[] FRESH = {'1'};

    private Entries() {}

    /** Reads the fields of one entry. */
    static Content content(String entry, List<Object> fields) {
        byte[] hark = field(fields, "hark", 0);
        byte[] body = field(fields, "body", 6);
        if (hark == null) {
            return body == null
                    ? new Content.Illegible("the entry has no field 'body'; its fields are " + names(fields))
                    : new Content.Legible(fresh(entry, fields, body, true));
        }
        if (body == null) {
            return new Content.Illegible("the entry has no field 'body'; its fields are " + names(fields));
        }
        if (Arrays.equals(hark, FRESH)) {
            return new Content.Legible(fresh(entry, fields, body, false));
        }
        String text = Link.text(hark);
        String[] part = text.split(" ", 6);
        if (!part[0].equals("1")) {
            return new Content.Unknown(part[0]);
        }
        try {
            return new Content.Legible(new Envelope(
                    part[1],
                    Long.parseLong(part[2]),
                    Integer.parseInt(part[3]),
                    Integer.parseInt(part[4]),
                    string(fields, "meta", 2),
                    string(fields, "log", 4),
                    body,
                    false));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return new Content.Unknown(text);
        }
    }

    private static Envelope fresh(String entry, List<Object> fields, byte[] body, boolean foreign) {
        long at = Long.parseLong(entry.substring(0, entry.indexOf('-')));
        String log = foreign ? "" : string(fields, "log", 4);
        return new Envelope(entry, at, 0, 0, string(fields, "meta", 2), log, body, foreign);
    }

    private static String string(List<Object> fields, String name, int usually) {
        byte[] value = field(fields, name, usually);
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
