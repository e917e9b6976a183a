package dev.hark.internal.redis.wire;

import dev.hark.Redis.Place.Cluster;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClusterInfoCache;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A Redis Cluster. Which node holds which slots is asked when something is first needed; what a node says of a single slot
 * is taken at once, and all is asked again whenever a connection breaks.
 */
final class ClusterServers implements Servers {

    /** Over these connections nodes are asked who holds what, and nothing else. */
    private static final int FOR_ASKING = 1;

    private final Set<HostAndPort> start;
    private final Wire wire;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable JedisClusterInfoCache known; // written under lock
    private boolean closed; // guarded by lock

    ClusterServers(Cluster cluster, Wire wire) {
        this.wire = wire;
        start = cluster.nodes().stream()
                .map(node -> new HostAndPort(node.host(), node.port()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private JedisClusterInfoCache cache() {
        JedisClusterInfoCache cache = known;
        if (cache != null) {
            return cache;
        }
        lock.lock();
        try {
            if (closed) {
                throw new JedisConnectionException("closed");
            }
            cache = known;
            if (cache == null) {
                known = cache = discover();
            }
            return cache;
        } finally {
            lock.unlock();
        }
    }

    private JedisClusterInfoCache discover() {
        JedisException last = null;
        for (HostAndPort node : start) {
            JedisClusterInfoCache cache = new JedisClusterInfoCache(wire.config(), wire.limits(FOR_ASKING), start);
            try (Connection connection = wire.connect(node)) {
                cache.discoverClusterNodesAndSlots(connection);
                return cache;
            } catch (JedisException e) {
                cache.close();
                last = e;
            }
        }
        throw last == null ? new JedisConnectionException("no node is named") : last;
    }

    @Override
    public Route route(String key) {
        int slot = JedisClusterCRC16.getSlot(key);
        HostAndPort node = cache().getSlotNode(slot);
        if (node == null) {
            doubt();
            throw new JedisClusterOperationException("no node of the cluster holds slot " + slot);
        }
        return new Route(node, false);
    }

    @Override
    public Route redirected(JedisRedirectionException refusal) {
        boolean asking = refusal instanceof JedisAskDataException;
        if (!asking) {
            cache().assignSlotToNode(refusal.getSlot(), refusal.getTargetNode());
        }
        return new Route(refusal.getTargetNode(), asking);
    }

    @Override
    public List<HostAndPort> masters() {
        JedisClusterInfoCache cache = cache();
        Set<HostAndPort> masters = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        for (int slot = 0; slot < Protocol.CLUSTER_HASHSLOTS; slot++) {
            HostAndPort node = cache.getSlotNode(slot);
            if (node != null) {
                masters.add(node);
            }
        }
        return List.copyOf(masters);
    }

    @Override
    public void doubt() {
        JedisClusterInfoCache cache = known;
        if (cache != null) {
            cache.renewClusterSlots(null); // while one thread asks, the others go on with what is known
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            JedisClusterInfoCache cache = known;
            known = null;
            if (cache != null) {
                cache.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
