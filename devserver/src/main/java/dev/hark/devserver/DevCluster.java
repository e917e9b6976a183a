package dev.hark.devserver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster on 127.0.0.1, each node a {@link DevServer} that may be killed, paused and restarted by itself.
 *
 * <p>What waits here does so for a minute at most, and then throws {@link DevServerException} with what it waited for
 * and the last lines of the nodes. It ends as its nodes do: with this object, or with this JVM.
 */
public final class DevCluster implements AutoCloseable {

    private final Members members;
    private final List<DevServer> nodes;
    private final ServerOptions options;

    private DevCluster(Members members, List<DevServer> nodes, ServerOptions options) {
        this.members = members;
        this.nodes = List.copyOf(nodes);
        this.options = options;
    }

    /** Starts a cluster of any redis-server, with nothing kept. */
    public static DevCluster start(int masters, int replicasPerMaster) {
        return start(masters, replicasPerMaster, ServerOptions.defaults());
    }

    /**
     * Starts a cluster, with the slots spread evenly, and returns once all nodes agree that it is well and the replicas
     * are in sync.
     *
     * @param options of each node, without port, folder and master. A node is held for dead after two seconds;
     *     {@code with("cluster-node-timeout", millis)} sets another time
     */
    public static DevCluster start(int masters, int replicasPerMaster, ServerOptions options) {
        if (masters < 1 || replicasPerMaster < 0) {
            throw new IllegalArgumentException(
                    "No cluster has " + masters + " masters with " + replicasPerMaster + " replicas each");
        }
        ServerOptions each = options.first("cluster-enabled", "yes")
                .first("cluster-announce-ip", "127.0.0.1")
                .first("cluster-node-timeout", "2000");
        Members members = new Members();
        try {
            List<DevServer> nodes = new ArrayList<>();
            for (int i = 0; i < masters * (1 + replicasPerMaster); i++) {
                nodes.add(members.start(each, ConfForm.STDIN, Ports.random()::freeWithBus));
            }
            DevCluster cluster = new DevCluster(members, nodes, options);
            new ClusterFormation(cluster, masters).form();
            return cluster;
        } catch (RuntimeException e) {
            members.closeAfter(e);
            throw e;
        }
    }

    /**
     * All nodes, with the password if there is one: {@code redis-cluster://127.0.0.1:PORT,127.0.0.1:PORT}; or
     * {@code rediss-cluster://…} with TLS.
     */
    public String url() {
        return options.scheme() + "-cluster://" + options.userInfo() + Members.addresses(nodes);
    }

    @Nullable
    String password() {
        return options.password();
    }

    /** All nodes, the first masters first. */
    public List<DevServer> nodes() {
        return nodes;
    }

    /** The nodes that are masters now. */
    public List<DevServer> masters() {
        return own(ClusterView.Node::isMaster).keySet().stream().toList();
    }

    /** The node that serves the slot now, by its own account. */
    public DevServer masterOf(int slot) {
        return own(node -> node.serves(slot)).entrySet().stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().epoch()))
                .orElseThrow(() -> new DevServerException("No running node serves slot " + slot))
                .getKey();
    }

    /** The node that serves the slot of that key now. */
    public DevServer masterOf(String key) {
        return masterOf(slotOf(key));
    }

    /** The slot of a key: of its hash tag, if it has one. */
    public static int slotOf(String key) {
        return Slots.of(key);
    }

    /** The running nodes that follow that one now. */
    public List<DevServer> replicasOf(DevServer master) {
        String id = ClusterView.self(master).id();
        return own(node -> node.master().equals(id)).keySet().stream().toList();
    }

    /** What running nodes say of themselves. */
    private Map<DevServer, ClusterView.Node> own(Predicate<ClusterView.Node> wanted) {
        return running().stream()
                .map(node -> Map.entry(node, ClusterView.self(node)))
                .filter(entry -> wanted.test(entry.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private List<DevServer> running() {
        return nodes.stream().filter(DevServer::isRunning).toList();
    }

    /** Waits until all running nodes say that the cluster is well, and tell the same about who serves what. */
    public void awaitAgreement() {
        Await.until("the nodes of the cluster to agree", nodes, this::isAgreed);
    }

    boolean isAgreed() {
        List<DevServer> running = running();
        Set<Integer> ports = running.stream().map(DevServer::port).collect(Collectors.toSet());
        Set<String> roles = null;
        for (DevServer node : running) {
            ClusterView view = ClusterView.of(node);
            if (!view.isSound(ports) || !node.ask("CLUSTER", "INFO").contains("cluster_state:ok")) {
                return false;
            }
            if (roles != null && !roles.equals(view.roles(ports))) {
                return false;
            }
            roles = view.roles(ports);
        }
        return true;
    }

    /**
     * Lets a replica take the place of its master, and waits until all nodes know. The old master follows the new one at
     * the end.
     *
     * @return the new master
     */
    public DevServer failover(DevServer master, Failover how) {
        return new ClusterFailover(this, master).run(how);
    }

    /** How a master loses its place. */
    public enum Failover {
        /** The replica asks for it, and the master waits until the replica has everything. Nothing is lost. */
        GRACEFUL,
        /** The master is killed; it is restarted once a replica was elected. Takes three masters. */
        KILL
    }

    /** Brings a slot with all its keys to another master, and waits until all nodes know. */
    public void migrate(int slot, DevServer to) {
        SlotMigration migration = migration(slot, to);
        migration.open();
        migration.finish();
    }

    /** The same step by step: nothing happens yet. */
    public SlotMigration migration(int slot, DevServer to) {
        return new SlotMigration(this, slot, masterOf(slot), to);
    }

    /** Ends all nodes. */
    @Override
    public void close() {
        members.close();
    }

    @Override
    public String toString() {
        return "DevCluster[" + Members.addresses(nodes) + "]";
    }
}
