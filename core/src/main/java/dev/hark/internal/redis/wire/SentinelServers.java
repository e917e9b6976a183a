package dev.hark.internal.redis.wire;

import dev.hark.Redis.Place.Sentinels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * The server that sentinels name as the master. They are asked when something is first needed, and again whenever a
 * connection breaks or a server says that it is a replica, as
 * <a href="https://redis.io/docs/latest/develop/reference/sentinel-clients/">the guidelines for clients</a> have it. What
 * they name is taken for the master only once it says so itself.
 */
final class SentinelServers implements Servers {

    private final Sentinels sentinels;
    private final Wire wire;
    private final Consumer<HostAndPort> left;
    private final ReentrantLock lock = new ReentrantLock();

    private final List<HostAndPort> asked; // guarded by lock, as all below; who answered last goes first
    private @Nullable HostAndPort master; // null when in doubt
    private @Nullable HostAndPort last; // also when in doubt
    private boolean closed;

    /**
     * Asks nobody yet.
     *
     * @param left told which server is the master no more, when another is
     */
    SentinelServers(Sentinels sentinels, Wire wire, Consumer<HostAndPort> left) {
        this.sentinels = sentinels;
        this.wire = wire;
        this.left = left;
        asked = new ArrayList<>(sentinels.nodes().stream()
                .map(node -> new HostAndPort(node.host(), node.port()))
                .toList());
    }

    @Override
    public Route route(String key) {
        return new Route(master(), false);
    }

    @Override
    public @Nullable Route redirected(JedisRedirectionException refusal) {
        return null;
    }

    @Override
    public List<HostAndPort> masters() {
        return List.of(master());
    }

    private HostAndPort master() {
        lock.lock();
        try {
            if (closed) {
                throw new JedisConnectionException("closed");
            }
            HostAndPort known = master;
            if (known == null) {
                master = known = find();
            }
            HostAndPort before = last;
            if (before != null && !known.equals(before)) {
                left.accept(before);
            }
            last = known;
            return known;
        } finally {
            lock.unlock();
        }
    }

    private HostAndPort find() {
        JedisException failed = null;
        for (HostAndPort sentinel : List.copyOf(asked)) {
            try {
                HostAndPort named = ask(sentinel);
                asked.remove(sentinel);
                asked.add(0, sentinel);
                confirm(named);
                return named;
            } catch (JedisException e) {
                failed = e;
            }
        }
        String why = failed == null ? "there are none" : String.valueOf(failed.getMessage());
        throw new JedisConnectionException(
                "no sentinel of " + sentinels.nodes() + " names a master '" + sentinels.master() + "': " + why, failed);
    }

    private HostAndPort ask(HostAndPort sentinel) {
        try (Connection connection = wire.sentinel(sentinel, sentinels.login())) {
            List<Object> named = Link.list(connection.executeCommand(new CommandArguments(Command.SENTINEL)
                    .add("GET-MASTER-ADDR-BY-NAME")
                    .add(sentinels.master())));
            if (named.size() != 2) {
                throw new JedisDataException("sentinel " + sentinel + " does not know it");
            }
            return new HostAndPort(Link.text(named.get(0)), (int) Link.number(named.get(1)));
        }
    }

    /** A sentinel that was cut off, or a failover under way, names one that is a replica by now. */
    private void confirm(HostAndPort named) {
        try (Connection connection = wire.connect(named)) {
            List<Object> role = Link.list(connection.executeCommand(Command.ROLE));
            if (!Link.text(role.get(0)).equals("master")) {
                throw new JedisDataException(named + " is a " + Link.text(role.get(0)) + ", not the master");
            }
        }
    }

    @Override
    public void doubt() {
        lock.lock();
        try {
            master = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
