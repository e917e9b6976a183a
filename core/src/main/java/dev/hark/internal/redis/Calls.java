package dev.hark.internal.redis;

import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.Servers.Route;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Short calls: each on a connection to the server that holds the key it is about. */
final class Calls implements AutoCloseable {

    /** A key that moves while it is asked for is followed so often. */
    private static final int MOST_HOPS = 5;

    private final Connections connections;
    private final LeaseLinks leases;

    Calls(Connections connections) {
        this.connections = connections;
        leases = new LeaseLinks(connections);
    }

    /** Runs a script over a pooled connection. */
    Object run(Script script, List<String> keys, List<?> args) {
        return on(keys.get(0), link -> link.run(script, keys, args));
    }

    /** Sends a command over a pooled connection; a failure names the key. */
    @Nullable
    Object call(String key, Command command, Object... args) {
        try {
            return on(key, link -> link.call(command, args));
        } catch (StoreException e) { // a plain command's error does not say which key it is about
            throw e.kind() == Kind.WRONG_TYPE || Failures.is(e, "NOPERM")
                    ? new StoreException(e.kind(), "key " + key + ": " + e.getMessage(), e)
                    : e;
        }
    }

    /** Does something over one pooled connection; again over another, if the first server refuses since it is elsewhere. */
    <R extends @Nullable Object> R on(String key, Function<Link, R> work) {
        return follow(key, route -> {
            try (Link link = connections.borrow(route)) {
                return work.apply(link);
            }
        });
    }

    /** Runs a script over a connection that leases have to themselves, so that nothing else makes a heartbeat late. */
    Object runForLease(Script script, List<String> keys, List<?> args) {
        return follow(keys.get(0), route -> leases.on(route, link -> link.run(script, keys, args)));
    }

    private <R extends @Nullable Object> R follow(String key, Function<Route, R> work) {
        Route route = connections.route(key);
        for (int hops = 1; ; hops++) {
            try {
                return work.apply(route);
            } catch (StoreException e) {
                Route next = connections.next(route, e);
                if (next == null || hops == MOST_HOPS) {
                    throw e;
                }
                route = next;
            }
        }
    }

    @Override
    public void close() {
        leases.close();
    }
}
