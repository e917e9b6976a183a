package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.ServerFacts.OutputLimits;
import dev.hark.internal.engine.ServerFacts.SlowLog;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How well a server answers. */
final class ServiceChecks {

    private static final Duration LONG = Duration.ofMillis(100);
    private static final Duration OFF = Duration.ofSeconds(1);

    /** A claim may bring so much: of many small messages, or one of the largest. */
    private static final long LARGEST_REPLY = 256L << 20;

    private ServiceChecks() {}

    static @Nullable Finding slowLog(ServerFacts server) {
        SlowLog log = server.slowLog();
        if (log == null || log.slow() == 0) {
            return null;
        }
        boolean bad = log.longest().compareTo(LONG) >= 0;
        return Say.server(
                "slow-log",
                bad ? Severity.WARNING : Severity.INFO,
                server,
                "remembers " + Say.count(log.slow(), "slow call") + " of the last day; the longest took "
                        + Say.time(log.longest()) + ": " + Say.clean(log.command())
                        + ". Meanwhile nobody else is served.",
                bad
                        ? "See SLOWLOG GET for who calls that, and give queues a Redis of their own if others slow it"
                                + " down."
                        : "Nothing now; SLOWLOG GET tells more.");
    }

    static @Nullable Finding outputLimits(ServerFacts server) {
        OutputLimits limits = server.outputLimits();
        if (limits == null) {
            return null;
        }
        if (limits.normal() > 0 && limits.normal() < LARGEST_REPLY) {
            return Say.server(
                    "output-limits",
                    Severity.WARNING,
                    server,
                    "cuts off clients for whom more than " + Say.bytes(limits.normal())
                            + " wait (client-output-buffer-limit normal): a listener that claims a larger message loses"
                            + " its connection each time it tries.",
                    "Set client-output-buffer-limit \"normal 0 0 0\", which is the default.");
        }
        if (limits.pubSub() == 0) {
            return Say.server(
                    "output-limits",
                    Severity.WARNING,
                    server,
                    "keeps whatever subscribers do not read (client-output-buffer-limit pubsub 0): one that hangs can"
                            + " take all memory.",
                    "Set client-output-buffer-limit \"pubsub 32mb 8mb 60\", which is the default.");
        }
        if (limits.cutOff() > 0) {
            return Say.server(
                    "output-limits",
                    Severity.INFO,
                    server,
                    "has cut off " + Say.count(limits.cutOff(), "client")
                            + " since its start that did not read fast enough (client-output-buffer-limit); such a"
                            + " subscriber of a channel misses messages.",
                    "See that handlers of channels are quick.");
        }
        return null;
    }

    static @Nullable Finding clock(ServerFacts server) {
        Duration ahead = server.clockAhead();
        if (ahead.abs().compareTo(OFF) < 0) {
            return null;
        }
        return Say.server(
                "clock",
                Severity.INFO,
                server,
                "has a clock that is " + Say.time(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of")
                        + " this machine's. Hark does not mind: only the clock of the server counts for it, and leases move along when that is turned.",
                "Nothing for Hark; times in logs do not compare.");
    }

    static @Nullable Finding hidden(ServerFacts server) {
        if (server.hidden().isEmpty()) {
            return null;
        }
        return Say.server(
                "hidden",
                Severity.INFO,
                server,
                "does not let this user see all: it may not call " + String.join(", ", server.hidden())
                        + ". What these tell was not looked at.",
                "Nothing, or look again as a user that may; no role of hark acl does.");
    }
}
