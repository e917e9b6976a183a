package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.ServerFacts;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** All rules. A feature that can break in a way of its own adds a line here. */
final class Checks {

    private static final List<Check<ServerFacts>> OF_SERVERS = List.of(
            Holes::look,
            MemoryChecks::eviction,
            MemoryChecks::full,
            SafetyChecks::refusing,
            SafetyChecks::persistence,
            SafetyChecks::replicas,
            SafetyChecks::splitBrain,
            ServiceChecks::slowLog,
            ServiceChecks::outputLimits,
            ServiceChecks::clock,
            ServiceChecks::hidden);

    private static final List<Check<QueueFacts>> OF_QUEUES = List.of(
            KeyChecks::wrongTypes,
            KeyChecks::fullStreams,
            KeyChecks::counters,
            KeyChecks::held,
            SumCheck::look,
            MemoryChecks::settled,
            ListeningChecks::groupLost,
            ListeningChecks::nobodyListens,
            ListeningChecks::oldestWaiting,
            ListeningChecks::nobodyAsks,
            ListeningChecks::overdue,
            ListeningChecks::lapsedSessions,
            ListeningChecks::pendingOfNobody);

    private Checks() {}

    static Stream<Finding> of(ServerFacts server) {
        return OF_SERVERS.stream().map(check -> check.look(server)).filter(Objects::nonNull);
    }

    /**
     * What is to be said of a queue.
     *
     * @param servers those that hold queues, this one among them, if that could be seen
     */
    static Stream<Finding> of(QueueFacts queue, List<ServerFacts> servers) {
        Stream<Finding> beside = servers.stream()
                .filter(server -> server.server().equals(queue.server()))
                .map(server -> DurabilityCheck.look(queue, server));
        return Stream.concat(OF_QUEUES.stream().map(check -> check.look(queue)), beside)
                .filter(Objects::nonNull);
    }
}
