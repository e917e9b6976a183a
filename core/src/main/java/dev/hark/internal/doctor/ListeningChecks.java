package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Holders;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether somebody works on a queue, and keeps up with it. */
final class ListeningChecks {

    static final String LAPSED = "lapsed-sessions";
    static final String NOBODYS = "pending-of-nobody";

    /** Documented in the README. */
    private static final Duration LONG = Duration.ofMinutes(10);

    /** Who has a slot free asks each second. */
    private static final Duration STILL = Duration.ofMinutes(1);

    /** Listeners move what is due within a sweep, at the latest. */
    private static final Duration OVERDUE = Duration.ofMinutes(1);

    private ListeningChecks() {}

    static @Nullable Finding groupLost(QueueFacts queue) {
        if (!queue.groupLost()) {
            return null;
        }
        return Say.queue(
                "group-lost",
                Severity.WARNING,
                queue,
                "its consumer group is gone: somebody has destroyed it, or the stream. The next listener makes it again,"
                        + " and hands out once more what was in work and what had been settled lately.",
                "Find out who did. " + (queue.listeners() == 0 ? "Start a listener." : "Its listeners do the rest."));
    }

    static @Nullable Finding nobodyListens(QueueFacts queue) {
        boolean due = queue.overdue() != null;
        if (queue.listeners() > 0 || (queue.waiting() <= 0 && !due)) {
            return null;
        }
        Duration oldest = queue.oldestWaiting();
        return Say.queue(
                "nobody-listens",
                Severity.WARNING,
                queue,
                (queue.waiting() > 0
                                ? Say.count(queue.waiting(), "message")
                                        + (queue.waiting() == 1 ? " waits" : " wait")
                                        + (oldest == null ? "" : ", the oldest for " + Say.time(oldest))
                                : "delayed messages are due")
                        + ", and nobody listens.",
                "Start a listener: in the application, or hark listen " + queue.queue() + ".");
    }

    static @Nullable Finding oldestWaiting(QueueFacts queue) {
        Duration oldest = queue.oldestWaiting();
        if (queue.listeners() == 0 || oldest == null || standsStill(queue) || oldest.compareTo(LONG) < 0) {
            return null;
        }
        return Say.queue(
                "oldest-waiting",
                Severity.WARNING,
                queue,
                "the oldest of " + Say.count(queue.waiting(), "waiting message") + " has waited for "
                        + Say.time(oldest) + ": its " + Say.count(queue.listeners(), "listener")
                        + " cannot keep up, or "
                        + (queue.listeners() == 1 ? "hangs." : "hang."),
                "Raise the concurrency or add listeners; see how long handlers take, and give them a timeout.");
    }

    static @Nullable Finding nobodyAsks(QueueFacts queue) {
        return !standsStill(queue)
                ? null
                : Say.queue(
                        "nobody-asks",
                        Severity.WARNING,
                        queue,
                        Say.count(queue.waiting(), "message") + (queue.waiting() == 1 ? " waits" : " wait")
                                + ", and none of " + Say.count(queue.listeners(), "listener")
                                + " has asked for one for " + Say.time(Objects.requireNonNull(queue.sinceAsked()))
                                + ": their handlers use all slots, or stand still.",
                        "See how long handlers take, and the log for handlers that stand still: what computes for long"
                                + " belongs on platform threads. Raise the concurrency or add listeners.");
    }

    private static boolean standsStill(QueueFacts queue) {
        return queue.listeners() > 0 && longer(queue.oldestWaiting(), STILL) && longer(queue.sinceAsked(), STILL);
    }

    private static boolean longer(@Nullable Duration time, Duration than) {
        return time != null && time.compareTo(than) >= 0;
    }

    static @Nullable Finding overdue(QueueFacts queue) {
        Duration overdue = queue.overdue();
        if (queue.listeners() == 0 || overdue == null || overdue.compareTo(OVERDUE) < 0) {
            return null;
        }
        return Say.queue(
                "overdue",
                Severity.WARNING,
                queue,
                "a delayed message has been due for " + Say.time(overdue)
                        + " and none of those who listen moves it to where it is claimed.",
                "Workers in other languages must call promote.lua, or a listener of Hark must be among them. If one is,"
                        + " see its log.");
    }

    static @Nullable Finding lapsedSessions(QueueFacts queue) {
        return holders(LAPSED, queue, queue.lapsed(), "session", "whose lease has lapsed", true);
    }

    static @Nullable Finding pendingOfNobody(QueueFacts queue) {
        return holders(
                NOBODYS, queue, queue.nobodys(), "consumer", "without a session, which nobody answers for", false);
    }

    private static @Nullable Finding holders(
            String id, QueueFacts queue, Holders holders, String one, String which, boolean mayBeEmpty) {
        if (holders.count() == 0) {
            return null;
        }
        String messages = Say.count(holders.messages(), "message");
        String all = Say.count(holders.count(), one);
        return Say.repairable(
                id,
                queue,
                Severity.WARNING,
                all + " " + which + " (" + Say.names(holders.names(), holders.count()) + ") still "
                        + (holders.count() == 1 ? "holds " : "hold ")
                        + (mayBeEmpty && holders.messages() == 0
                                ? "a place"
                                : (holders.count() > holders.names().size() ? "at least " : "") + messages)
                        + ": "
                        + (queue.listeners() == 0
                                ? "nobody listens who could take over."
                                : "though " + Say.count(queue.listeners(), "listener")
                                        + " could have taken over by now."),
                queue.listeners() == 0
                        ? "Start a listener, which takes over within a lease, or let hark doctor --repair do it."
                        : "See the logs of the listeners, or let hark doctor --repair take over.",
                "hand over the messages of " + all + " " + which + " in queue " + queue.queue()
                        + ", each as one more attempt");
    }
}
