package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.ServerFacts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Words for findings. */
final class Say {

    private static final int MOST_NAMES = 5;
    private static final int MOST_LETTERS = 140;

    private Say() {}

    static Finding server(String id, Severity severity, ServerFacts server, String what, String todo) {
        return new Finding(id, severity, null, server.product() + " at " + server.server() + " " + what, todo, null);
    }

    static Finding queue(String id, Severity severity, QueueFacts queue, String what, String todo) {
        return new Finding(id, severity, queue.queue(), what, todo, null);
    }

    static Finding repairable(String id, QueueFacts queue, Severity severity, String what, String todo, String repair) {
        return new Finding(id, severity, queue.queue(), what, todo, repair);
    }

    /** In the largest unit of which there are two or more. */
    static String time(Duration time) {
        if (time.toDays() >= 2) {
            return time.toDays() + " days";
        }
        if (time.toHours() >= 2) {
            return time.toHours() + " hours";
        }
        return time.toMinutes() >= 2
                ? time.toMinutes() + " minutes"
                : time.toSeconds() >= 2 ? time.toSeconds() + " seconds" : time.toMillis() + " ms";
    }

    static String bytes(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }

    static String count(long count, String one) {
        return count + " " + one + (count == 1 ? "" : "s");
    }

    /** The first names, made fit for a message. */
    static String names(List<String> names, long count) {
        String shown = String.join(
                ", ", names.stream().limit(MOST_NAMES).map(Say::clean).toList());
        return count > Math.min(MOST_NAMES, names.size()) ? shown + ", …" : shown;
    }

    /** Fit for a message: no control characters, not too long. */
    static String clean(String name) {
        String flat = name.replaceAll("\\p{Cntrl}", "?");
        return flat.length() <= MOST_LETTERS ? flat : flat.substring(0, MOST_LETTERS) + "…";
    }
}
