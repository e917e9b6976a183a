package dev.hark.internal.redis.wire;

import dev.hark.Redis;
import dev.hark.Redis.Place;
import dev.hark.event.Event;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** Makes and lends connections, and says to which server a call goes. */
public final class Connections implements AutoCloseable {

    private final Wire wire;
    private final Pools pools;
    private final Servers servers;
    private final String name;
    private final String database;
    private final Pings pings = new Pings();

    /** Connects to nothing yet. */
    public Connections(Redis redis, Consumer<Event> events) {
        wire = new Wire(redis);
        pools = new Pools(wire, events);
        database = redis.database() == 0 ? "" : "/" + redis.database();
        servers = switch (redis.place()) {
            case Place.Single(Redis.Node node) -> new SingleServer(new HostAndPort(node.host(), node.port()));
            case Place.Sentinels sentinels -> new SentinelServers(sentinels, wire, pools::drop);
            case Place.Cluster cluster -> new ClusterServers(cluster, wire);
        };
        name = switch (redis.place()) {
            case Place.Single(Redis.Node node) -> node + database;
            case Place.Sentinels(String master, List<Redis.Node> nodes, Redis.Login login) ->
                "the master " + master + " of sentinels " + nodes;
            case Place.Cluster(List<Redis.Node> nodes) -> "the cluster of " + nodes;
        };
    }

    /** Where a call about a key goes. */
    public Route route(String key) {
        return connecting(() -> servers.route(key));
    }

    /** Every server that holds something, but for replicas. */
    public List<HostAndPort> masters() {
        return connecting(servers::masters);
    }

    /** Follows a redirection, or picks another server after a failure; null if there is none to try. */
    @Nullable
    public Route next(Route tried, StoreException e) {
        if (e.getCause() instanceof JedisRedirectionException refusal) {
            return connecting(() -> servers.redirected(refusal));
        }
        if (e.kind() == Kind.UNKNOWN) {
            pools.broken(tried.node());
        }
        if (RedisErrors.maybeElsewhere(e)) {
            servers.doubt();
        }
        return null;
    }

    /** Makes a connection of its own; nothing has been sent but the login when it fails. */
    public Link open(Route route) {
        return link(route, () -> new Link(wire.connect(route.node()), shown(route.node()), route.asking()));
    }

    /** Makes a connection on which neither connecting nor any reply takes longer than this. */
    public Link open(HostAndPort node, Duration limit) {
        return link(new Route(node, false), () -> new Link(wire.connect(node, limit), shown(node), false));
    }

    /** Borrows a connection; closing gives it back. */
    public Link borrow(Route route, Purpose purpose) {
        String shown = shown(route.node());
        return link(route, () -> new Link(pools.borrow(route.node(), purpose, shown), shown, route.asking()));
    }

    /** Makes a connection for a subscription; any server of a cluster would do. */
    public Subscription openSubscription(String channel) {
        Route route = route(channel);
        return link(route, () -> wire.subscription(route.node()));
    }

    /** What keeps subscriptions alive. */
    public Pings pings() {
        return pings;
    }

    /** Host and port, without password, for messages. */
    public String shown(HostAndPort node) {
        return node + database;
    }

    private <C> C link(Route route, Supplier<C> make) {
        try {
            return make.get();
        } catch (Pools.Exhausted e) { // which tells nothing of the server
            throw RedisErrors.notConnected(e, shown(route.node()));
        } catch (JedisException e) {
            StoreException failure = RedisErrors.notConnected(e, shown(route.node()));
            next(route, failure);
            throw failure;
        }
    }

    private <R extends @Nullable Object> R connecting(Supplier<R> lookUp) {
        try {
            return lookUp.get();
        } catch (JedisException e) {
            throw RedisErrors.notConnected(e, name);
        }
    }

    @Override
    public void close() {
        pings.close();
        pools.close();
        servers.close();
    }
}
