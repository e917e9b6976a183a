package dev.hark.internal.doctor;

import dev.hark.Finding;
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
            ListeningChecks::groupLost,
            ListeningChecks::nobodyListens,
            ListeningChecks::oldestWaiting,
            ListeningChecks::overdue,
            ListeningChecks::lapsedSessions,
            ListeningChecks::pendingOfNobody);

    private Checks() {}

    static Stream<Finding> of(ServerFacts server) {
        return OF_SERVERS.stream().map(check -> check.look(server)).filter(Objects::nonNull);
    }

    static Stream<Finding> of(QueueFacts queue) {
        return OF_QUEUES.stream().map(check -> check.look(queue)).filter(Objects::nonNull);
    }
}
