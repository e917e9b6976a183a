package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Settled;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.ServerFacts.Memory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What becomes of messages when memory runs out, and when that will be. */
final class MemoryChecks {

    /** Before that, what a server did at its start says little about its days. */
    private static final Duration LONG_ENOUGH = Duration.ofHours(1);

    private static final int SOON_DAYS = 7;
    private static final int NEARLY_FULL_PERCENT = 80;

    /** With less, what it has loaded at its start may be all of it: that tells nothing of how it grows. */
    private static final int MAY_FILL_PERCENT = 50;

    private static final long MUCH_SETTLED = 64L << 20;

    private MemoryChecks() {}

    static @Nullable Finding eviction(ServerFacts server) {
        String policy = server.memory().policy();
        if (policy.startsWith("allkeys")) {
            return Say.server(
                    "eviction",
                    Severity.ERROR,
                    server,
                    "has maxmemory-policy " + policy
                            + ": when memory runs out it throws away queues with all messages in them.",
                    "Set maxmemory-policy noeviction. Then publishing is refused when memory runs out, and nothing is"
                            + " lost.");
        }
        if (policy.startsWith("volatile")) {
            return Say.server(
                    "eviction",
                    Severity.WARNING,
                    server,
                    "has maxmemory-policy " + policy + ": when memory runs out it throws away keys that expire."
                            + " Messages do not, but what is remembered of publishers does: a batch that is sent again"
                            + " may then be there twice.",
                    "Set maxmemory-policy noeviction.");
        }
        return null;
    }

    static @Nullable Finding full(ServerFacts server) {
        Memory memory = server.memory();
        if (memory.most() == 0) {
            String machine = memory.ofMachine() == 0
                    ? "."
                    : "; its machine has " + Say.bytes(memory.ofMachine()) + "."
                            + growth(
                                    memory,
                                    memory.ofMachine(),
                                    "later, if it has loaded some of it then; sooner, if others use that memory as well, or a"
                                            + " container limits it");
            return Say.server(
                    "memory",
                    Severity.WARNING,
                    server,
                    "uses " + Say.bytes(memory.used())
                            + " and has no maxmemory: when memory runs out the system may kill it"
                            + machine,
                    "Set maxmemory below what the machine has, with maxmemory-policy noeviction.");
        }
        long percent = Math.round(memory.used() * 100.0 / memory.most());
        @Nullable Duration left = untilFull(memory, memory.most());
        boolean soon = left != null && left.toDays() < SOON_DAYS;
        boolean warn = (soon && percent >= MAY_FILL_PERCENT) || percent >= NEARLY_FULL_PERCENT;
        return Say.server(
                "memory",
                warn ? Severity.WARNING : Severity.INFO,
                server,
                "uses " + Say.bytes(memory.used()) + " of " + Say.bytes(memory.most()) + " (" + percent + " %)."
                        + growth(memory, memory.most(), "later, if it has loaded some of it then")
                        + " Once it is, publishing is refused; what is there is worked off.",
                warn
                        ? "See with hark queues what piles up, add listeners or bound the queue, or raise maxmemory."
                        : "Nothing now.");
    }

    /** Large entries go as they are settled: so much are very many, or a listener of an earlier release leaves them. */
    static @Nullable Finding settled(QueueFacts queue) {
        Settled settled = queue.settled();
        if (settled.bytes() < MUCH_SETTLED) {
            return null;
        }
        String holder = settled.holder();
        Duration since = settled.since();
        return Say.queue(
                "settled-memory",
                Severity.WARNING,
                queue,
                "keeps " + Say.count(settled.entries(), "message") + " that are settled, which take about "
                        + Say.bytes(settled.bytes()) + ": "
                        + (holder != null && since != null
                                ? "they stay until the first that is not settled is, and session "
                                        + Say.clean(holder) + " has had that for "
                                        + Say.time(since) + "."
                                : "nobody has swept since they were settled."),
                holder != null
                        ? "Find out what that session's handler does; once its message is settled the memory is free."
                                + " Listeners of an earlier release leave large messages as well: upgrade them."
                        : "Start a listener: its first sweeps free the memory.");
    }

    /**
     * When it will be full, in a sentence.
     *
     * @param or what else may be
     */
    private static String growth(Memory memory, long most, String or) {
        if (memory.uptime().compareTo(LONG_ENOUGH) < 0) {
            return " It runs for less than an hour, too short to say when it will be full.";
        }
        Duration left = untilFull(memory, most);
        return left == null
                ? " It has not grown since its start."
                : " If all that it holds has come since its start " + Say.time(memory.uptime())
                        + " ago, and goes on so, it is full in "
                        + (left.toDays() < SOON_DAYS ? Say.time(left) : left.toDays() + " days")
                        + "; " + or + ".";
    }

    /** Null if it does not grow, or has not run for long enough. */
    private static @Nullable Duration untilFull(Memory memory, long most) {
        long grown = memory.used() - memory.usedAtStart();
        if (grown <= 0 || memory.uptime().compareTo(LONG_ENOUGH) < 0) {
            return null;
        }
        double seconds = (double) Math.max(0, most - memory.used())
                / grown
                * memory.uptime().toSeconds();
        return Duration.ofSeconds((long) Math.min(seconds, 1e11));
    }
}
