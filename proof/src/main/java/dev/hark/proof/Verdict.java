package dev.hark.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param messages how many were going to be published
 * @param acknowledged how many of them Redis accepted for sure
 * @param unknown how many publishers were told that it is unknown, or were killed before they were told
 * @param unknownThere how many of those are there
 * @param refused how many were reported as not published
 * @param handled how many a handler finished, each counted once
 * @param dead how many are dead letters
 * @param lost how many are gone
 * @param lostToPower how many are gone that Redis had accepted and not yet synced
 * @param unexpected how many are there and should not be
 * @param unexplained how many calls of handlers and publishes have no cause
 * @param duplicates how many were handled to the end again, by cause
 * @param slowestRecoveryMillis from a fault to the second attempt at a message that it met, at most
 * @param slowestLaterMillis the same for further attempts, which run alone in their process
 * @param slowestPublishMillis until a publisher was answered, at most, where neither it nor Redis was hurt
 * @param slowestStartMillis from when a message was due to its handler, at most, where nobody was hurt
 * @param acts what was done, and what it led to
 * @param problems each broken promise in a line; none if all held
 */
public record Verdict(
        long messages,
        long acknowledged,
        long unknown,
        long unknownThere,
        long refused,
        long handled,
        long dead,
        long lost,
        long lostToPower,
        long unexpected,
        long unexplained,
        Map<String, Integer> duplicates,
        long slowestRecoveryMillis,
        long slowestLaterMillis,
        long slowestPublishMillis,
        long slowestStartMillis,
        List<Act> acts,
        List<String> problems) {

    private static final int SHOWN = 20;

    /** It can exceed what one fault costs, and breaks no promise then: others may come before it is over. */
    private static final String RECOVERY =
            "from the first fault that met it; no bound, since each further one adds itself, a lease and two sweeps";

    private static final String LATER = "the same, and up to 30 s in each process until it runs alone";

    /** One thing that was done or seen, and how often. */
    public record Act(String what, long times) {}

    /** Whether every promise held. */
    public boolean holds() {
        return problems.isEmpty();
    }

    /** How often something was done or seen. */
    public long times(String what) {
        return acts.stream()
                .filter(act -> act.what().equals(what))
                .mapToLong(Act::times)
                .sum();
    }

    /** How often a message was handled to the end again, whatever the cause. */
    public int handledAgain() {
        return duplicates.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** For people, without the end of the last line. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("What was done");
        acts.forEach(act -> lines.add(row(act.what(), act.times(), "")));
        lines.add("");
        lines.add(String.format(Locale.ROOT, "What became of %,d messages", messages));
        lines.add(row("acknowledged", acknowledged, ""));
        if (unknown > 0) {
            lines.add(row("unknown to their publisher", unknown, unknownThere + " of them are there, each once"));
        }
        if (refused > 0) {
            lines.add(row("refused", refused, "told so, and not there"));
        }
        lines.add(row("handled", handled, ""));
        lines.add(row("dead", dead, "planned poison"));
        lines.add(row("lost", lost, ""));
        if (lostToPower > 0) {
            lines.add(row("lost with the power", lostToPower, "accepted, and not yet synced"));
        }
        lines.add(row("unexpected", unexpected, ""));
        lines.add(row("handled again", handledAgain(), causes()));
        lines.add(row("without a cause", unexplained, ""));
        lines.add(seconds("slowest recovery", slowestRecoveryMillis, RECOVERY));
        if (slowestLaterMillis > 0) {
            lines.add(seconds("slowest further recovery", slowestLaterMillis, LATER));
        }
        lines.add(seconds(
                "slowest answer, unhurt",
                slowestPublishMillis,
                "at most " + Checker.PROMPT_MILLIS / 1_000 + " s, or a promise broke"));
        lines.add(seconds("slowest start, unhurt", slowestStartMillis, ""));
        lines.add("");
        problems.stream().limit(SHOWN).forEach(problem -> lines.add("BROKEN: " + problem));
        if (problems.size() > SHOWN) {
            lines.add("BROKEN: and " + (problems.size() - SHOWN) + " more");
        }
        lines.add(holds() ? "Every promise held." : "A promise broke.");
        return String.join("\n", lines);
    }

    private String causes() {
        List<String> causes = new ArrayList<>();
        duplicates.forEach((cause, times) -> causes.add(times + " " + cause));
        return String.join(", ", causes);
    }

    private static String seconds(String what, long millis, String bound) {
        return String.format(Locale.ROOT, "  %-28s %9.1f s  %s", what, millis / 1e3, bound)
                .stripTrailing();
    }

    private static String row(String what, long number, String remark) {
        return String.format(Locale.ROOT, "  %-28s %,9d  %s", what, number, remark)
                .stripTrailing();
    }
}
