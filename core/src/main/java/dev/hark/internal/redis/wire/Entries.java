package dev.hark.internal.redis.wire;

import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Head;
import dev.hark.internal.engine.message.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries of streams. Hark writes the fields {@code hark} and {@code body}, in this order. The first line of
 * {@code hark} is its {@link Head}; the second holds the meta data, all further ones the attempt ledger.
 */
public final class Entries {

    private static final byte[] FRESH = {'1'};
    private static final String[] FRESH_LINES = {"1"};
    private static final long LAST_MILLIS = 999_999_999_999_999L;

    private Entries() {}

    /** Reads the fields of one entry that was claimed: what would not reach its handler as it is, is not legible. */
    public static Content content(String entry, List<Object> fields) {
        Content content = shown(entry, fields);
        if (content instanceof Content.Legible(Envelope envelope)
                && envelope.meta().indexOf('\uFFFD') >= 0) {
            try {
                Utf8.text(meta(fields));
            } catch (IllegalArgumentException e) {
                return new Content.Illegible("the meta data cannot be read: " + e.getMessage());
            }
        }
        return content;
    }

    /** The bytes of the meta data. */
    private static byte[] meta(List<Object> fields) {
        byte[] hark = field(fields, "hark", 0);
        if (hark == null) {
            return Objects.requireNonNullElse(field(fields, "meta", 2), new byte[0]);
        }
        int start = indexOf((byte) '\n', hark, 0) + 1;
        return Arrays.copyOfRange(hark, start, indexOf((byte) '\n', hark, start));
    }

    /** Where a byte is; the end if nowhere. */
    private static int indexOf(byte wanted, byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Reads the fields of one entry for somebody to look at. */
    public static Content shown(String entry, List<Object> fields) {
        byte[] hark = field(fields, "hark", 0);
        boolean fresh = hark == null || Arrays.equals(hark, FRESH);
        String[] line = fresh ? FRESH_LINES : Link.text(hark).split("\n", 3);
        Head head = Head.read(line[0]);
        if (head instanceof Head.Unknown(String version)) {
            return new Content.Unknown(version);
        }
        if (head instanceof Head.Malformed malformed) {
            return new Content.Illegible(malformed.reason());
        }
        byte[] body = field(fields, "body", hark == null ? 0 : 2);
        if (body == null) {
            return new Content.Illegible("the entry has no field 'body'; its fields are " + names(fields));
        }
        String meta = hark == null ? string(fields, "meta") : line.length > 1 ? line[1] : "";
        String log = line.length > 2 ? line[2] : "";
        return new Content.Legible(
                head instanceof Head.Named(String id, long at, int attempts, int recoveries)
                        ? new Envelope(id, at, attempts, recoveries, meta, log, body, false)
                        : new Envelope(entry, millis(entry), 0, 0, meta, log, body, hark == null));
    }

    /**
     * How many bytes the names and values of an entry have: {@code message} in {@code message.lua} counts the same. Each that
     * a message of Hark's own does not have costs a script as much as 160 bytes more.
     */
    public static int bytes(List<Object> fields) {
        long bytes = 160L * Math.max(0, fields.size() - 4);
        for (Object nameOrValue : fields) {
            bytes += ((byte[]) nameOrValue).length;
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /** The time in an entry's id. Other programs may give ids beyond all times: these count as the last one. */
    public static long millis(String id) {
        int dash = id.indexOf('-');
        String time = dash < 0 ? id : id.substring(0, dash);
        return time.length() > 15 ? LAST_MILLIS : Long.parseLong(time);
    }

    private static String string(List<Object> fields, String name) {
        byte[] value = field(fields, name, 2);
        return value == null || value.length == 0 ? "" : new String(value, StandardCharsets.UTF_8);
    }

    public static byte @Nullable [] field(List<Object> fields, String name, int usually) {
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
