package dev.hark.internal.doctor;

import dev.hark.Durability;
import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.ServerFacts.Replicas;
import org.jspecify.annotations.Nullable;

/** Whether the server of a queue can be as durable as the queue wants each message to be. */
final class DurabilityCheck {

    private DurabilityCheck() {}

    static @Nullable Finding look(QueueFacts queue, ServerFacts server) {
        return switch (queue.durability()) {
            case Durability.Memory memory -> null;
            case Durability.Fsynced fsynced -> fsynced(queue, server);
            case Durability.Replicated(int wanted) -> replicated(queue, server, wanted);
        };
    }

    /** As far as it can be seen; {@code internal/redis/Durably} finds it out for each batch. */
    private static @Nullable Finding fsynced(QueueFacts queue, ServerFacts server) {
        String fsync = server.disk().fsync();
        if (!server.disk().appendOnly()) {
            return finding(queue, server, "keeps no append-only file", "Set appendonly yes there");
        }
        if ("no".equals(fsync)) {
            return finding(
                    queue,
                    server,
                    "never syncs its append-only file",
                    server.tellsOfSyncs()
                            ? "Set appendfsync everysec there, or always"
                            : "Update it, and set appendfsync everysec");
        }
        if (!server.tellsOfSyncs() && !"always".equals(fsync)) {
            return finding(
                    queue,
                    server,
                    "does not tell when it has synced, before version 7.2. With appendfsync always it need not, for"
                            + " users who may read the configuration, which none that hark acl prints may",
                    "Update it");
        }
        return null;
    }

    private static @Nullable Finding replicated(QueueFacts queue, ServerFacts server, int wanted) {
        Replicas replicas = server.replicas();
        int there = replicas.connected() - replicas.behind();
        if (there >= wanted) {
            return null;
        }
        return finding(
                queue,
                server,
                "has " + (there == 0 ? "no replica" : Say.count(there, "replica"))
                        + (replicas.behind() > 0 ? " in sync" : ""),
                "Bring the replicas back, or add some");
    }

    private static Finding finding(QueueFacts queue, ServerFacts server, String why, String todo) {
        return Say.queue(
                "durability",
                Severity.WARNING,
                queue,
                "each message is to be " + queue.durability() + ", and " + server.product() + " at " + server.server()
                        + " " + why + ": receipts say less, and strict publishing fails.",
                todo + ", or ask for less: hark queues set " + queue.queue() + " --durability memory.");
    }
}
