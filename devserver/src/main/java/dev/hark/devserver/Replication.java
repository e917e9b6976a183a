package dev.hark.devserver;

/**
 * What a server says of its replication.
 *
 * @param masterPort whom it follows; -1 if it is a master
 * @param linked whether it has its master's data, and gets what comes
 * @param offset up to where it has written, or taken over, the stream of changes
 */
record Replication(boolean master, long masterPort, boolean linked, long offset) {

    static Replication of(DevServer server) {
        Info info = Info.of(server, "replication");
        boolean master = info.text("role").equals("master");
        return new Replication(
                master,
                info.number("master_port"),
                info.text("master_link_status").equals("up"),
                info.number(master ? "master_repl_offset" : "slave_repl_offset"));
    }

    boolean follows(int port) {
        return !master && masterPort == port && linked;
    }

    boolean hasCaughtUp(int port, long wanted) {
        return follows(port) && offset >= wanted;
    }
}
