package dev.hark.devserver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The change from a master to one of its replicas. */
final class ClusterFailover {

    /** Redis gives up a CLUSTER FAILOVER after five seconds, and tells nobody. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(6);

    private final DevCluster cluster;
    private final DevServer master;
    private final List<DevServer> replicas;

    ClusterFailover(DevCluster cluster, DevServer master) {
        this.cluster = cluster;
        this.master = master;
        this.replicas = cluster.replicasOf(master);
        if (replicas.isEmpty()) {
            throw new IllegalArgumentException(master + " has no replica that could take its place");
        }
    }

    DevServer run(DevCluster.Failover how) {
        DevServer successor = switch (how) {
            case GRACEFUL -> ask();
            case KILL -> kill();
        };
        cluster.awaitAgreement();
        master.awaitInSyncWith(successor);
        return successor;
    }

    private DevServer ask() {
        DevServer replica = replicas.getFirst();
        replica.awaitInSyncWith(master);
        long[] asked = {System.nanoTime()};
        replica.tell("CLUSTER", "FAILOVER");
        Await.until("the replica on port " + replica.port() + " to become master", List.of(master, replica), () -> {
            if (ClusterView.self(replica).isMaster()) {
                return true;
            }
            if (System.nanoTime() - asked[0] > ASK_AGAIN.toNanos()) {
                asked[0] = System.nanoTime();
                replica.tell("CLUSTER", "FAILOVER");
            }
            return false;
        });
        return replica;
    }

    private DevServer kill() {
        if (cluster.masters().size() < 3) {
            throw new IllegalArgumentException(
                    "Without three masters, the others are no majority that elects a replica");
        }
        master.kill();
        Await.until(
                "a replica to be elected in place of port " + master.port(),
                cluster.nodes(),
                () -> successor().isPresent() && cluster.isAgreed());
        DevServer successor = successor().orElseThrow();
        master.restart();
        return successor;
    }

    private Optional<DevServer> successor() {
        return replicas.stream()
                .filter(replica -> ClusterView.self(replica).isMaster())
                .findFirst();
    }
}
