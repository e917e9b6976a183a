package dev.hark.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What strangers add to a queue, each with a mark by which it is known again, and what must become of it. Used by one thread. */
final class Hostile {

    private static final Pattern MARK = Pattern.compile("hostile-\\d+x");
    private static final int LARGE = 1 << 20;
    private static final int MANY_LINES = 100_000;
    private static final int MANY_FIELDS = 10_000;
    private static final int GARBAGE = 10;

    private final Set<String> dying = new TreeSet<>();
    private final Set<String> parked = new TreeSet<>();
    private final String prefix;
    private int marks;
    private int garbage;

    Hostile(String prefix) {
        this.prefix = prefix;
    }

    /** Marks of what must end as dead letters. */
    Set<String> dying() {
        return dying;
    }

    /** Marks of what must be kept for a newer listener. */
    Set<String> parked() {
        return parked;
    }

    /** How many entries were made: a queue's sums may be off by so many, since some were never published. */
    int entries() {
        return marks + garbage;
    }

    /** The mark of a dead letter that a stranger made; null if a publisher did. */
    static @Nullable String mark(byte[] body) {
        Matcher matcher = MARK.matcher(new String(body, StandardCharsets.ISO_8859_1));
        return matcher.find() ? matcher.group() : null;
    }

    /** Adds one of each. */
    void addAll(Admin admin) {
        enveloped(admin, "1 x 1 -5 0");
        enveloped(admin, "1 a\tb 1 0 0");
        enveloped(admin, "1 x 1 2147483648 0");
        enveloped(admin, "1 x 1 0 99999999999999999999");
        enveloped(admin, "1 x 99999999999999999999 0 0");
        enveloped(admin, "1  1 0 0");
        enveloped(admin, "1 x 1 0 0\n\n" + "\n".repeat(MANY_LINES));
        enveloped(admin, "1 x 1 0 0\n\n" + "1 1 s w\n".repeat(MANY_LINES / 10));
        enveloped(admin, "1 same 1 0 0");
        enveloped(admin, "1 same 1 0 0");
        enveloped(admin, "1 x 1 0 0\n" + "{".repeat(LARGE));
        add(admin, "body", job(dies()) + "y".repeat(LARGE));
        add(admin, "body", bytes(dies() + " \u00ff\u00fe\u0080"));
        add(admin, "meta", bytes("\u00ff{"), "body", job(dies()));
        add(admin, "mark", dies(), "other", "y".repeat(LARGE));
        List<Object> fields = new ArrayList<>(List.of("mark", dies()));
        for (int i = 0; i < MANY_FIELDS; i++) {
            fields.add("f" + i);
            fields.add("v");
        }
        add(admin, fields.toArray());
        String kept = mark();
        parked.add(kept);
        add(admin, "hark", "2 whatever comes", "body", job(kept));
        for (int i = 0; i < GARBAGE; i++) {
            String id = "garbage-" + ++garbage;
            admin.call("HSET", key("held"), id, i % 2 == 0 ? "no MessagePack" : bytes("\u0091\u00a1"));
            admin.call("ZADD", key("later"), 1_000 + i, id);
        }
    }

    private void enveloped(Admin admin, String hark) {
        add(admin, "hark", hark, "body", job(dies()));
    }

    private void add(Admin admin, Object... fields) {
        List<Object> args = new ArrayList<>(List.of(key("ready"), "*"));
        args.addAll(List.of(fields));
        admin.call("XADD", args.toArray());
    }

    private String key(String part) {
        return prefix + ":{" + Setting.HOSTILE + "}:" + part;
    }

    /** The body of a job that fails for good. */
    private static String job(String mark) {
        return mark + " " + Job.Kind.HOSTILE.word() + " 0 ";
    }

    private String dies() {
        String mark = mark();
        dying.add(mark);
        return mark;
    }

    private String mark() {
        return "hostile-" + ++marks + "x";
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
}
