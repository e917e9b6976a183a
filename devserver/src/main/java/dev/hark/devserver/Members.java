package dev.hark.devserver;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** Servers that belong together. They are started by one thread, and end together. */
final class Members implements AutoCloseable {

    private final List<DevServer> started = new ArrayList<>();

    DevServer start(ServerOptions options, ConfForm form, IntSupplier freePorts) {
        if (options.port() != 0 || options.dir() != null || options.replicaOf() != 0) {
            throw new IllegalArgumentException("Each of several servers gets a port, a folder and a master of its own;"
                    + " leave them out of the options: " + options);
        }
        return add(DevServer.start(options, form, freePorts));
    }

    DevServer startReplica(ServerOptions options, ConfForm form, IntSupplier freePorts, DevServer master) {
        return add(DevServer.start(options.replicaOf(master.port()), form, freePorts));
    }

    private DevServer add(DevServer server) {
        started.add(server);
        return server;
    }

    /** As they stand in URLs. */
    static String addresses(List<DevServer> servers) {
        return servers.stream().map(server -> "127.0.0.1:" + server.port()).collect(Collectors.joining(","));
    }

    /** In reverse: watchers before what they watch. One that cannot be ended does not keep the others. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (DevServer server : started.reversed()) {
            try {
                server.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** After a start that failed for this reason. */
    void closeAfter(RuntimeException reason) {
        try {
            close();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }
}
