package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.ServerFacts.Disk;
import dev.hark.internal.engine.ServerFacts.Replicas;
import org.jspecify.annotations.Nullable;

/** What survives when a server loses its power, or is lost. */
final class SafetyChecks {

    private static final String ALWAYS =
            "Fine where messages may be lost with the power. Else appendfsync always, or ask for fsynced receipts: hark"
                    + " queues set QUEUE --durability fsynced.";

    private SafetyChecks() {}

    /** A server that takes no writes: nothing moves. */
    static @Nullable Finding refusing(ServerFacts server) {
        Replicas replicas = server.replicas();
        if (server.disk().refusing()) {
            return Say.server(
                    "refusing-writes",
                    Severity.ERROR,
                    server,
                    "cannot write to its disk, and therefore refuses all changes: nothing is published, and what was"
                            + " handled is not settled.",
                    "See the log of the server: its disk may be full or read-only.");
        }
        Integer wanted = replicas.wanted();
        if (replicas.good() >= 0 && (wanted == null ? replicas.good() == 0 : replicas.good() < wanted)) {
            return Say.server(
                    "refusing-writes",
                    Severity.ERROR,
                    server,
                    "wants " + (wanted == null ? "replicas" : Say.count(wanted, "replica"))
                            + " (min-replicas-to-write) and has " + replicas.good() + " in good order, and therefore"
                            + " refuses all changes: nothing is published, and what was handled is not settled.",
                    "Bring the replicas back, or lower min-replicas-to-write.");
        }
        return null;
    }

    static @Nullable Finding persistence(ServerFacts server) {
        Disk disk = server.disk();
        if (disk.appendFails() || disk.snapshotFails()) {
            return Say.server(
                    "persistence",
                    Severity.WARNING,
                    server,
                    "could not write its last " + (disk.appendFails() ? "changes to its append-only file" : "snapshot")
                            + ": what is in memory may not be on disk.",
                    "See the log of the server: its disk may be full or read-only.");
        }
        if (disk.appendOnly()) {
            String fsync = disk.fsync();
            return switch (fsync == null ? "" : fsync) {
                case "always" -> null;
                case "everysec" ->
                    Say.server(
                            "persistence",
                            Severity.INFO,
                            server,
                            "syncs its append-only file each second: a loss of power takes what was accepted and settled"
                                    + " in about the last two seconds.",
                            ALWAYS);
                case "no" ->
                    Say.server(
                            "persistence",
                            Severity.WARNING,
                            server,
                            "never syncs its append-only file (appendfsync no): a loss of power takes what the system has"
                                    + " not written by itself, some 30 seconds on Linux.",
                            "Set appendfsync everysec, or always.");
                default ->
                    Say.server(
                            "persistence",
                            Severity.INFO,
                            server,
                            "keeps an append-only file; how often it is synced cannot be seen as this user.",
                            "Look at appendfsync as another user.");
            };
        }
        Boolean snapshots = disk.snapshots();
        boolean none = snapshots != null && !snapshots;
        return Say.server(
                "persistence",
                Severity.WARNING,
                server,
                "keeps no append-only file: "
                        + (none
                                ? "when it ends, in whatever way, all messages are lost."
                                : "when it ends, what came since its last snapshot is lost; that was "
                                        + Say.time(disk.sinceSnapshot()) + " ago"
                                        + (snapshots == null
                                                ? " or at its start, if any is taken at all, which cannot be seen as"
                                                        + " this user."
                                                : " or at its start.")),
                "Set appendonly yes, with appendfsync everysec or always.");
    }

    static @Nullable Finding replicas(ServerFacts server) {
        Replicas replicas = server.replicas();
        if (replicas.connected() == 0) {
            return Say.server(
                    "replicas",
                    Severity.INFO,
                    server,
                    "has no replica: messages are lost with its machine, and stand still while it is away.",
                    "Fine where that may be. Else add replicas, with Sentinel or a cluster.");
        }
        if (replicas.behind() > 0) {
            return Say.server(
                    "replicas",
                    Severity.WARNING,
                    server,
                    "has " + Say.count(replicas.connected(), "replica") + ", " + replicas.behind()
                            + " of them not in sync or silent for more than 10 seconds: a failover to such a one loses"
                            + " what it does not have.",
                    "See the network and the logs of the replicas.");
        }
        return null;
    }

    /** A master that is cut off from its replicas, and of which others think that it is gone. */
    static @Nullable Finding splitBrain(ServerFacts server) {
        Replicas replicas = server.replicas();
        Integer wanted = replicas.wanted();
        if (replicas.connected() == 0 || wanted == null || wanted > 0) {
            return null;
        }
        return Say.server(
                "min-replicas",
                Severity.WARNING,
                server,
                "has replicas, but min-replicas-to-write is 0: cut off from them it goes on accepting messages, which are"
                        + " lost once one of them has taken its place.",
                "Set min-replicas-to-write 1 and min-replicas-max-lag 10, or ask for replicated receipts.");
    }
}
