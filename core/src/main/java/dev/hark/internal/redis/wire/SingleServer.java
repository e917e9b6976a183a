package dev.hark.internal.redis.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** One server, which holds everything. */
final class SingleServer implements Servers {

    private final Route route;

    SingleServer(HostAndPort address) {
        route = new Route(address, false);
    }

    @Override
    public Route route(String key) {
        return route;
    }

    /** A node of a cluster, named as if it were alone: only keys that it holds can be used. */
    @Override
    public @Nullable Route redirected(JedisRedirectionException refusal) {
        return null;
    }

    @Override
    public List<HostAndPort> masters() {
        return List.of(route.node());
    }

    @Override
    public void doubt() {
        // it stays where it is
    }

    @Override
    public void close() {
        // it has nothing
    }
}
