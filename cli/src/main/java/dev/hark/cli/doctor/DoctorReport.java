package dev.hark.cli.doctor;

import dev.hark.admin.Diagnosis;
import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.cli.term.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** A diagnosis as it is read at night, and as a program reads it. */
final class DoctorReport {

    private static final int WIDTH = 96;
    private static final String LOOKED_AT =
            "Looked at version, eviction, memory, persistence, replicas, clock, slow log and client limits of ";
    private static final String OF_QUEUES =
            "; types of keys, listeners, ages, sessions, pending entries, durability and the sum of ";

    private DoctorReport() {}

    static void fields(JsonGenerator json, Finding finding) {
        json.writeStringProperty("id", finding.id());
        json.writeStringProperty("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        if (finding.queue() != null) {
            json.writeStringProperty("queue", finding.queue());
        }
        json.writeStringProperty("what", finding.what());
        json.writeStringProperty("do", finding.todo());
        if (finding.repair() != null) {
            json.writeStringProperty("repair", finding.repair());
        }
    }

    /** In so many columns at most, or 0 for as many as are pleasant to read. */
    static List<String> lines(Diagnosis diagnosis, int columns) {
        int width = columns <= 0 ? WIDTH : Math.min(WIDTH, columns);
        List<String> lines = new ArrayList<>();
        wrap(summary(diagnosis), "", "", width, lines);
        for (Severity severity : Severity.values()) {
            List<Finding> some = diagnosis.findings().stream()
                    .filter(finding -> finding.severity() == severity)
                    .toList();
            if (!some.isEmpty()) {
                lines.add("");
                lines.add(heading(severity));
                some.forEach(finding -> show(finding, width, lines));
            }
        }
        return lines;
    }

    private static String summary(Diagnosis diagnosis) {
        long errors = count(diagnosis, Severity.ERROR);
        long warnings = count(diagnosis, Severity.WARNING);
        String verdict = errors > 0
                ? "Not all promises hold: " + number(errors, "error")
                        + (warnings > 0 ? " and " + number(warnings, "warning") : "") + "."
                : warnings > 0 ? "All promises hold; " + number(warnings, "warning") + "." : "All is well.";
        boolean hidden =
                diagnosis.findings().stream().anyMatch(finding -> finding.id().equals("hidden"));
        return verdict + (hidden ? " Not all could be seen: see hidden. " : " ") + LOOKED_AT
                + number(diagnosis.servers().size(), "server") + OF_QUEUES
                + number(diagnosis.queues().size(), "queue") + ".";
    }

    private static String heading(Severity severity) {
        return switch (severity) {
            case ERROR -> "ERRORS: what Hark promises does not hold";
            case WARNING -> "WARNINGS: it holds, but do something";
            case INFO -> "NOTES: good to know";
        };
    }

    private static void show(Finding finding, int width, List<String> lines) {
        lines.add("");
        lines.add("  " + finding.id() + (finding.queue() == null ? "" : "  [queue " + finding.queue() + "]"));
        wrap(Text.oneLine(finding.what()), "    ", "    ", width, lines);
        wrap(Text.oneLine(finding.todo()), "    do: ", "        ", width, lines);
        if (finding.repair() != null) {
            wrap(
                    "hark doctor --repair would " + Text.oneLine(finding.repair()) + ".",
                    "    repair: ",
                    "        ",
                    width,
                    lines);
        }
    }

    private static long count(Diagnosis diagnosis, Severity severity) {
        return diagnosis.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static String number(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /** Lines break between words; a word that is too long has a line of its own. */
    private static void wrap(String text, String first, String next, int width, List<String> into) {
        StringBuilder line = new StringBuilder(first);
        int start = line.length();
        for (String word : text.split(" ")) {
            if (line.length() > start && Text.width(line + " " + word) > width) {
                into.add(line.toString());
                line = new StringBuilder(next);
                start = line.length();
            }
            if (line.length() > start) {
                line.append(' ');
            }
            line.append(word);
        }
        into.add(line.toString());
    }
}
