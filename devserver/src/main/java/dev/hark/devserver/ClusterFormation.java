package dev.hark.devserver;

import java.util.ArrayList;
import java.util.List;

/** Makes a cluster of nodes that do not know each other. */
final class ClusterFormation {

    private final DevCluster cluster;
    private final List<DevServer> masters;
    private final List<DevServer> replicas;

    ClusterFormation(DevCluster cluster, int masters) {
        this.cluster = cluster;
        this.masters = cluster.nodes().subList(0, masters);
        this.replicas = cluster.nodes().subList(masters, cluster.nodes().size());
    }

    void form() {
        List<DevServer> nodes = cluster.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            // Distinct before they meet: nodes of equal epochs would have to sort that out first.
            nodes.get(i).tell("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (int i = 0; i < masters.size(); i++) {
            addSlots(masters.get(i), Slots.share(i, masters.size()));
        }
        meet(nodes);
        cluster.awaitAgreement();
        for (int i = 0; i < replicas.size(); i++) {
            DevServer master = masters.get(i % masters.size());
            replicas.get(i)
                    .tell("CLUSTER", "REPLICATE", ClusterView.self(master).id());
        }
        cluster.awaitAgreement();
        for (int i = 0; i < replicas.size(); i++) {
            replicas.get(i).awaitInSyncWith(masters.get(i % masters.size()));
        }
    }

    /** By a command that 6.2 has too. */
    private static void addSlots(DevServer master, String[] slots) {
        List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        command.addAll(List.of(slots));
        master.tell(command.toArray(String[]::new));
    }

    /** Each with each, since gossip takes seconds to do the same. */
    private static void meet(List<DevServer> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            for (DevServer other : nodes.subList(i + 1, nodes.size())) {
                nodes.get(i).tell("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
            }
        }
    }
}
