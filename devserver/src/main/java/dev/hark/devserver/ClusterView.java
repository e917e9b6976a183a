package dev.hark.devserver;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What one node of a cluster knows of all: its CLUSTER NODES. */
record ClusterView(List<Node> nodes) {

    private static final Set<String> DOUBTFUL = Set.of("fail", "fail?", "handshake", "noaddr");

    /**
     * @param master the id of whom it follows; {@code -} for a master
     * @param slots such as {@code 0-5460}, {@code 7000}
     */
    record Node(String id, int port, Set<String> flags, String master, long epoch, boolean linked, List<String> slots) {

        /** {@code <id> <ip:port@cport[,host]> <flags> <master> <ping> <pong> <epoch> <link> <slot> …}. */
        static Node parse(String line) {
            String[] part = line.split(" ");
            return new Node(
                    part[0],
                    Integer.parseInt(part[1].substring(part[1].lastIndexOf(':') + 1, part[1].indexOf('@'))),
                    Set.of(part[2].split(",")),
                    part[3],
                    Long.parseLong(part[6]),
                    part[7].equals("connected"),
                    // What is on the move stands in brackets, and only in the node's own line.
                    Arrays.stream(part)
                            .skip(8)
                            .filter(slot -> !slot.startsWith("["))
                            .toList());
        }

        boolean isMaster() {
            return flags.contains("master");
        }

        boolean serves(int slot) {
            return isMaster() && slots.stream().anyMatch(range -> contains(range, slot));
        }

        private static boolean contains(String range, int slot) {
            String[] ends = range.split("-");
            return Integer.parseInt(ends[0]) <= slot && slot <= Integer.parseInt(ends[ends.length - 1]);
        }
    }

    static ClusterView of(DevServer node) {
        String reply = node.ask("CLUSTER", "NODES");
        if (reply.startsWith("-")) {
            throw new DevServerException(node + " does not show its cluster: " + reply);
        }
        return new ClusterView(reply.lines().map(Node::parse).toList());
    }

    /** What a node says of itself. */
    static Node self(DevServer node) {
        return of(node).nodes().stream()
                .filter(each -> each.flags().contains("myself"))
                .findFirst()
                .orElseThrow();
    }

    /** Whether it sees a sound node on each of these ports. */
    boolean isSound(Set<Integer> ports) {
        return nodes.stream()
                        .filter(node -> ports.contains(node.port()) && node.linked())
                        .filter(node -> node.flags().stream().noneMatch(DOUBTFUL::contains))
                        .count()
                == ports.size();
    }

    /** Who does what: the same for nodes that agree. */
    Set<String> roles(Set<Integer> ports) {
        return nodes.stream()
                .filter(node -> ports.contains(node.port()))
                .map(node ->
                        node.id() + " " + (node.isMaster() ? "master" : "of " + node.master()) + " " + node.slots())
                .collect(Collectors.toSet());
    }
}
