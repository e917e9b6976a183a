package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.QueueFacts;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What others have done to the keys of a queue. */
final class KeyChecks {

    private KeyChecks() {}

    static @Nullable Finding wrongTypes(QueueFacts queue) {
        if (queue.wrongKeys().isEmpty()) {
            return null;
        }
        String keys = queue.wrongKeys().stream()
                .map(wrong -> Say.clean(wrong.key()) + " holds a " + wrong.holds() + " instead of a " + wrong.wanted())
                .collect(Collectors.joining(", "));
        return Say.queue(
                "wrong-type",
                Severity.ERROR,
                queue,
                keys
                        + ": somebody else uses what is Hark's, and what needs it is refused. The rest of the queue was not"
                        + " weighed.",
                "Find out who writes there. Then RENAME the key to one that is free; Hark makes a new one.");
    }

    static @Nullable Finding fullStreams(QueueFacts queue) {
        if (queue.fullKeys().isEmpty()) {
            return null;
        }
        return Say.queue(
                "full-stream",
                Severity.ERROR,
                queue,
                Say.names(queue.fullKeys(), queue.fullKeys().size())
                        + ": somebody has added an entry with one of the last possible ids, so nothing can be added any"
                        + " more: no message, no retry.",
                "Let listeners work off what is there, stop them, then hark dead and QueueInspector.delete: the queue"
                        + " begins anew.");
    }

    static @Nullable Finding counters(QueueFacts queue) {
        if (queue.unreadable().isEmpty()) {
            return null;
        }
        return Say.queue(
                "counters",
                Severity.ERROR,
                queue,
                "the counters "
                        + Say.names(queue.unreadable(), queue.unreadable().size())
                        + " hold no numbers: somebody has overwritten them, and what counts there fails.",
                "HDEL these fields of the queue's stats; the sum of its messages is off from then on.");
    }

    static @Nullable Finding held(QueueFacts queue) {
        long difference = queue.later() - queue.held();
        if (difference == 0) {
            return null;
        }
        return Say.queue(
                "held",
                Severity.ERROR,
                queue,
                difference > 0
                        ? "of " + Say.count(difference, "message")
                                + " due later nothing but the time is left: somebody has deleted the rest. Once due, they"
                                + " count as deleted."
                        : "for " + Say.count(-difference, "message")
                                + " due later nobody knows the time: somebody has deleted it, and they stay where they"
                                + " are.",
                difference > 0
                        ? "Publish them again, if you know which they were."
                        : "Read them in the queue's key held, and publish them again.");
    }
}
