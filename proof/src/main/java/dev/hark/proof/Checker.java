package dev.hark.proof;

import dev.hark.admin.QueueInfo;
import dev.hark.proof.Fault.Kind;
import dev.hark.proof.History.Answer;
import dev.hark.proof.History.Attempt;
import dev.hark.proof.History.Ending;
import dev.hark.proof.History.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds a history against what was promised. It knows nothing of how Hark works: each message is followed by the id that
 * its publisher gave it, each call of a handler after the first must have a reason, and the sums must come out.
 */
final class Checker {

    /** How long after its handler an outcome may still be on its way to Redis, on a busy machine. */
    private static final long SETTLING_MILLIS = 2_000;

    /** Milliseconds are cut off in two places. */
    private static final long ROUNDING_MILLIS = 5;

    /** How long a publisher may wait for an answer on a busy machine, if neither it nor Redis was hurt. */
    static final long PROMPT_MILLIS = 5_000;

    private final History history;
    private final List<Fault> faults;
    private final Map<String, Integer> duplicates = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private long slowest;
    private long slowestLater;
    private long lost;
    private long lostToPower;
    private long unexpected;
    private long unexplained;
    private long acknowledged;
    private long unknown;
    private long unknownThere;
    private long refused;
    private long handled;
    private long dead;
    private long atRisk;
    private long slowestPublish;
    private long slowestStart;
    private long acceptedBeside; // as those below, beside what strangers added
    private long handledBeside;
    private long deadBeside;

    private Checker(History history) {
        this.history = history;
        faults = history.faults();
    }

    /** Says what a run came to, after everything has been handled. */
    static Verdict check(History history, QueueInfo info, List<Verdict.Act> acts) {
        return check(history, info, null, Map.of(), acts);
    }

    /**
     * The same of several queues.
     *
     * @param info the figures of all queues but that of strangers, in sum
     * @param strangers what became of their queue, if there is one
     * @param planned what was to be done, and how often at least
     */
    static Verdict check(
            History history,
            QueueInfo info,
            @Nullable Strangers strangers,
            Map<Kind, Integer> planned,
            List<Verdict.Act> acts) {
        Checker checker = new Checker(history);
        history.messages().forEach(checker::check);
        checker.sums(info);
        if (strangers != null) {
            checker.check(strangers);
        }
        new TreeMap<>(planned).forEach(checker::happened);
        return checker.verdict(acts);
    }

    /** A fault that was planned and did not happen proves nothing. */
    private void happened(Kind kind, int planned) {
        long times = faults.stream().filter(fault -> fault.kind() == kind).count();
        if (times < planned) {
            problems.add("planned was " + planned + " times '" + kind.words() + "', it happened " + times + " times");
        }
    }

    /** Genuine messages in the queue of strangers are judged as all others; here is what became of the rest. */
    private void check(Strangers strangers) {
        QueueInfo info = strangers.info();
        for (String mark : strangers.dying()) {
            if (!history.strangersDead().contains(mark)) {
                problems.add(mark + ", which a stranger added, is no dead letter");
            }
        }
        for (String mark : strangers.parked()) {
            if (history.strangersDead().contains(mark)) {
                problems.add(mark + ", which a newer listener may know, is a dead letter");
            }
        }
        long open = info.waiting() + info.later() + info.active();
        if (open != strangers.parked().size()) {
            problems.add("of what strangers added " + open + " are neither dead nor handled, and "
                    + strangers.parked().size() + " should be");
        }
        if (info.done() != handledBeside) {
            problems.add("beside strangers the queue counts " + info.done() + " done, the journals " + handledBeside);
        }
        if (Math.abs(info.missing()) > strangers.entries()) {
            problems.add("beside strangers the sum of the queue is wrong: " + info);
        }
    }

    private void check(Message message) {
        if (message.kind == null) {
            unexpected++;
            problem(message, "is there, and nobody published it");
            return;
        }
        switch (message.answer) {
            case ACKNOWLEDGED -> acknowledged++;
            case REFUSED -> refused++;
            case UNKNOWN, NONE -> {
                unknown++;
                unknownThere += message.seen() ? 1 : 0;
            }
        }
        if (message.answer == Answer.REFUSED && message.seen()) {
            unexpected++;
            problem(message, "was reported as not published, and is there");
        }
        handled += message.handled() > 0 ? 1 : 0;
        dead += message.dead ? 1 : 0;
        atRisk += rolledBack(message) && !outlived(message) ? 1 : 0;
        checkEnd(message, message.kind);
        if (message.ids.size() > 1 && !rolledBack(message)) {
            unexplained++;
            problem(message, "was published more than once: " + message.ids);
        }
        if (message.queue.equals(Setting.HOSTILE)) {
            acceptedBeside +=
                    message.answer == Answer.ACKNOWLEDGED || (message.answer != Answer.REFUSED && message.seen())
                            ? 1
                            : 0;
            handledBeside += message.handled() > 0 ? 1 : 0;
            deadBeside += message.dead ? 1 : 0;
        }
        checkAttempts(message);
        checkTimes(message);
    }

    /** How long publishers wait for an answer, and messages for a handler, where nothing was done that explains it. */
    private void checkTimes(Message message) {
        if (message.answer == Answer.NONE) {
            return;
        }
        boolean delayed = faults.stream()
                .anyMatch(fault -> fault.kind().delays()
                        && fault.hits(message.publisher)
                        && fault.overlaps(message.sent, message.answered));
        long waited = message.answered - message.sent;
        if (!delayed && message.kind != Job.Kind.REPLICATED) { // those wait for what they wish
            slowestPublish = Math.max(slowestPublish, waited);
            if (waited > PROMPT_MILLIS) {
                problem(message, "was answered after " + waited + " ms, and nothing had happened");
            }
        }
        long due = Math.max(message.answered, message.sent + message.delay);
        message.attempts.stream().mapToLong(attempt -> attempt.began).min().ifPresent(began -> {
            boolean disturbed = faults.stream()
                    .anyMatch(fault -> fault.overlaps(message.sent, began)
                            && (fault.kind().delays() || (fault.kind() == Kind.CLOCK_STEPPED && message.delay > 0)));
            if (!disturbed) {
                slowestStart = Math.max(slowestStart, began - due);
            }
        });
    }

    private void checkEnd(Message message, Job.Kind kind) {
        if (kind.dies() ? message.handled() > 0 : message.dead) {
            unexpected++;
            problem(message, kind.dies() ? "is poison, and was handled" : "is a dead letter, and no poison");
        }
        boolean over = kind.dies() ? message.dead : message.handled() > 0;
        boolean expected = message.answer == Answer.ACKNOWLEDGED || message.seen();
        if (!over && expected) {
            if (rolledBack(message)) {
                lostToPower++;
            } else {
                lost++;
                problem(message, "is lost");
            }
        }
    }

    /** Whether it was on its way, or accepted, when Redis lost what it had not synced. */
    private boolean rolledBack(Message message) {
        return faults.stream()
                .filter(fault -> fault.kind() == Kind.POWER_LOST)
                .anyMatch(fault -> fault.overlaps(message.sent, message.answered));
    }

    /** Whether it was handled, or failed, well after the last loss of power: then it is there, and counts. */
    private boolean outlived(Message message) {
        long last = faults.stream()
                .filter(fault -> fault.kind() == Kind.POWER_LOST)
                .mapToLong(Fault::to)
                .max()
                .orElse(0);
        return message.attempts.stream()
                .anyMatch(attempt -> attempt.ending != Ending.NONE && attempt.began > last + SETTLING_MILLIS);
    }

    private void checkAttempts(Message message) {
        List<Attempt> attempts = message.attempts;
        attempts.sort(Comparator.comparingInt((Attempt attempt) -> attempt.number)
                .thenComparingLong(attempt -> attempt.began));
        for (Attempt attempt : attempts) {
            boolean stepped = faults.stream()
                    .anyMatch(fault -> fault.kind() == Kind.CLOCK_STEPPED
                            && fault.overlaps(message.sent - ROUNDING_MILLIS, attempt.began));
            if (message.delay > 0 && !stepped && attempt.began + ROUNDING_MILLIS < message.sent + message.delay) {
                unexplained++;
                problem(message, "was handled before it was due");
            }
        }
        int done = 0;
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            boolean again = attempt.ending == Ending.DONE && done++ > 0;
            if (i == 0) {
                continue;
            }
            Attempt before = attempts.get(i - 1);
            if (before.ending == Ending.FAILED && before.number < attempt.number) {
                continue; // as planned
            }
            Optional<Fault> cause = cause(before, attempt);
            if (cause.isEmpty()) {
                unexplained++;
                problem(
                        message,
                        "attempt " + before.number + " by " + before.worker + " was followed by attempt "
                                + attempt.number + " by " + attempt.worker + ", and nothing had happened");
            } else {
                long recovery = attempt.began - cause.get().from();
                if (attempt.number <= 2) {
                    slowest = Math.max(slowest, recovery);
                } else {
                    slowestLater = Math.max(slowestLater, recovery);
                }
                if (again) {
                    duplicates.merge(cause.get().kind().words(), 1, Integer::sum);
                }
            }
        }
    }

    /** The fault that took the message from who had it before; the same attempt twice is only a rollback. */
    private Optional<Fault> cause(Attempt before, Attempt next) {
        return faults.stream()
                .filter(fault -> fault.kind().explains() && fault.from() <= next.began && hit(fault, before))
                .filter(fault -> before.number < next.number || fault.kind() == Kind.POWER_LOST)
                .min(Comparator.comparing(Fault::kind));
    }

    /** Whether the fault met the process of this attempt before its outcome was surely settled. */
    private boolean hit(Fault fault, Attempt attempt) {
        return fault.hits(attempt.worker) && fault.overlaps(attempt.began - SETTLING_MILLIS, settled(attempt));
    }

    private long settled(Attempt attempt) {
        if (attempt.ending == Ending.NONE) {
            return Long.MAX_VALUE;
        }
        long end = attempt.ended + SETTLING_MILLIS;
        for (Fault fault : faults) {
            boolean outage = fault.kind() == Kind.REDIS_KILLED || fault.kind() == Kind.POWER_LOST;
            if (outage && fault.overlaps(attempt.ended, end)) {
                end = Math.max(end, fault.to() + SETTLING_MILLIS);
            }
        }
        return end;
    }

    private void sums(QueueInfo info) {
        long open = info.waiting() + info.later() + info.active();
        if (open > 0) {
            problems.add("not all was handled: " + info.waiting() + " waiting, " + info.later() + " later, "
                    + info.active() + " in flight");
        }
        if (info.missing() != 0) {
            problems.add("the sum of the queue is wrong: " + info);
        }
        expect("published", acknowledged + unknownThere - acceptedBeside, info.published());
        expect("done", handled - handledBeside, info.done());
        expect("dead", dead - deadBeside, info.dead());
    }

    /** Of what Redis may have lost with the power, it counts all, or none, or some. */
    private void expect(String what, long expected, long is) {
        if (is > expected || is < expected - atRisk) {
            problems.add("the queue counts " + is + " " + what + ", the journals " + expected
                    + (atRisk > 0 ? ", " + atRisk + " of them at risk" : ""));
        }
    }

    private void problem(Message message, String what) {
        problems.add("message " + message.job + " " + what);
    }

    private Verdict verdict(List<Verdict.Act> acts) {
        return new Verdict(
                history.messages().size(),
                acknowledged,
                unknown,
                unknownThere,
                refused,
                handled,
                dead,
                lost,
                lostToPower,
                unexpected,
                unexplained,
                Collections.unmodifiableMap(duplicates),
                slowest,
                slowestLater,
                slowestPublish,
                slowestStart,
                acts,
                List.copyOf(problems));
    }
}
