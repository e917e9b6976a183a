package dev.hark.devserver;

import java.util.ArrayList;
import java.util.List;

/**
 * A slot on its way from one master of a {@link DevCluster} to another, step by step as resharding does it. Between the
 * steps the slot stays half-migrated for as long as one likes.
 *
 * <p>Not safe for use by several threads.
 */
public final class SlotMigration {

    private static final int BATCH = 10;
    private static final int MIGRATE_MILLIS = 5_000;

    private final DevCluster cluster;
    private final String slot;
    private final DevServer from;
    private final DevServer to;

    SlotMigration(DevCluster cluster, int slot, DevServer from, DevServer to) {
        this.cluster = cluster;
        this.slot = Integer.toString(slot);
        this.from = from;
        this.to = to;
    }

    /** The master that gives the slot away. */
    public DevServer from() {
        return from;
    }

    /** The master that gets the slot. */
    public DevServer to() {
        return to;
    }

    /** From now on the old master answers {@code ASK} for keys of the slot that it does not have. */
    public void open() {
        to.tell("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
        from.tell("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    }

    /**
     * Moves keys of the open slot. Their names must be UTF-8.
     *
     * @return how many it moved: at most so many, fewer if the old master had no more
     */
    public int move(int keys) {
        int moved = 0;
        while (moved < keys) {
            List<String> batch =
                    from.askForList("CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(Math.min(BATCH, keys - moved)));
            if (batch.isEmpty()) {
                break;
            }
            from.tell(migrate(batch));
            moved += batch.size();
        }
        return moved;
    }

    private String[] migrate(List<String> keys) {
        List<String> command = new ArrayList<>(List.of(
                "MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0", Integer.toString(MIGRATE_MILLIS)));
        String password = cluster.password();
        if (password != null) {
            command.addAll(List.of("AUTH", password));
        }
        command.add("KEYS");
        command.addAll(keys);
        return command.toArray(String[]::new);
    }

    /** Moves what is left, gives the slot to the new master, and waits until all nodes know. */
    public void finish() {
        move(Integer.MAX_VALUE);
        String owner = id(to);
        // The target first: if the source knew before, and the target never heard, nobody would have the slot.
        to.tell("CLUSTER", "SETSLOT", slot, "NODE", owner);
        from.tell("CLUSTER", "SETSLOT", slot, "NODE", owner);
        for (DevServer master : cluster.masters()) {
            if (master != to && master != from) {
                master.tell("CLUSTER", "SETSLOT", slot, "NODE", owner);
            }
        }
        cluster.awaitAgreement();
    }

    private static String id(DevServer node) {
        return ClusterView.self(node).id();
    }
}
