package dev.hark.admin;

import java.util.List;

/**
 * What {@link Inspector#diagnose} looked at, and what it came upon.
 *
 * @param servers the servers that hold queues, as host and port; none in memory
 * @param queues the queues
 * @param findings the worst first
 */
public record Diagnosis(List<String> servers, List<String> queues, List<Finding> findings) {

    /** Copies the lists. */
    public Diagnosis {
        servers = List.copyOf(servers);
        queues = List.copyOf(queues);
        findings = List.copyOf(findings);
    }

    /** Whether nothing was found that breaks a promise of Hark. */
    public boolean promisesHold() {
        return findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
    }
}
