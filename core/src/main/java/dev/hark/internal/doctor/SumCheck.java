package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Reach;
import dev.hark.internal.engine.QueueFacts.Sum;
import org.jspecify.annotations.Nullable;

/** All that came in is somewhere, and nothing else is. */
final class SumCheck {

    static final String ID = "sum";

    private SumCheck() {}

    static @Nullable Finding look(QueueFacts queue) {
        Sum sum = queue.sum();
        if (sum == null || (sum.missing() == 0 && sum.reach() != Reach.LITTLE)) {
            return null;
        }
        if (sum.reach() == Reach.LITTLE || (sum.missing() < 0 && sum.reach() != Reach.ALL)) {
            return Say.queue(
                    "sum-unknown",
                    Severity.INFO,
                    queue,
                    "its counters do not match what it holds, and why cannot be told: entries of other programs that"
                            + " nobody has handled yet are not counted, and it may hold too many to read; or its group"
                            + " was lost once, and copies of such entries were counted twice.",
                    "Look again when there is less in it.");
        }
        if (sum.missing() < 0) {
            return Say.queue(
                    ID,
                    Severity.ERROR,
                    queue,
                    "holds or has handled " + Say.count(-sum.missing(), "message")
                            + " more than were published: somebody has changed its keys by hand, or adds entries with the"
                            + " field hark, which only Hark's scripts may do.",
                    "Find out who does. The figures stay off by as many; no message is touched by that.");
        }
        String least = sum.reach() == Reach.ALL ? "" : "at least ";
        String messages = Say.count(sum.missing(), "message");
        return Say.repairable(
                ID,
                queue,
                Severity.ERROR,
                least + messages + " that came in " + (sum.missing() == 1 ? "is" : "are")
                        + " nowhere: neither waiting, in work, due later, dead, done nor deleted. Somebody has deleted"
                        + " entries, consumers or keys by hand.",
                "Find out who does, and what it was; then let hark doctor --repair count them as deleted, so that the next"
                        + " loss shows.",
                "count " + least + messages + " of queue " + queue.queue() + " as deleted; brings none back");
    }
}
