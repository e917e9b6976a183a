package dev.hark.internal.redis;

import dev.hark.InvalidInputException;
import java.net.URI;
import java.time.Duration;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/** Makes connections to one server, and keeps a pool of them for short commands. */
final class Connections implements AutoCloseable {

    /** No command may take longer; a blocking one, than this on top of its wait. */
    static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final int POOLED = 16;

    private final HostAndPort address;
    private final DefaultJedisClientConfig config;
    private final ConnectionPool pool;
    private final String server;

    Connections(String url) {
        URI uri = parse(url);
        int port = uri.getPort() < 0 ? 6379 : uri.getPort();
        address = new HostAndPort(uri.getHost(), port);
        int database = JedisURIHelper.getDBIndex(uri);
        server = database == 0 ? address.toString() : address + "/" + database;
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis((int) CONNECT_TIMEOUT.toMillis())
                .socketTimeoutMillis((int) REPLY_TIMEOUT.toMillis())
                .database(database)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .clientName("hark");
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            builder.sslOptions(SslOptions.defaults()); // checks the chain and the host's name
        }
        if (uri.getUserInfo() != null) {
            builder.user(JedisURIHelper.getUser(uri)).password(JedisURIHelper.getPassword(uri));
        }
        config = builder.build();
        GenericObjectPoolConfig<Connection> limits = new GenericObjectPoolConfig<>();
        limits.setMaxTotal(POOLED);
        limits.setMaxIdle(POOLED);
        limits.setMaxWait(REPLY_TIMEOUT);
        limits.setJmxEnabled(false);
        pool = new ConnectionPool(address, config, limits);
    }

    /** Host and port, without password, for messages. */
    String server() {
        return server;
    }

    /** Makes a connection of its own; nothing has been sent but the login when it fails. */
    Link open() {
        return open(config);
    }

    /** Makes a connection on which neither connecting nor any reply takes longer than this. */
    Link open(Duration limit) {
        int millis = (int) Math.max(1, Math.min(limit.toMillis(), CONNECT_TIMEOUT.toMillis()));
        return open(DefaultJedisClientConfig.builder()
                .from(config)
                .connectionTimeoutMillis(millis)
                .socketTimeoutMillis(millis)
                .build());
    }

    private Link open(DefaultJedisClientConfig with) {
        try {
            return new Link(new Connection(address, with), server);
        } catch (JedisException e) {
            throw Failures.notConnected(e, server);
        }
    }

    /** Makes a connection for a subscription. */
    Subscription openSubscription() {
        try {
            return new Subscription(address, config);
        } catch (JedisException e) {
            throw Failures.notConnected(e, server);
        }
    }

    /** Borrows a connection from the pool; closing gives it back. */
    Link borrow() {
        try {
            return new Link(pool.getResource(), server);
        } catch (JedisException e) {
            throw Failures.notConnected(e, server);
        }
    }

    /** Drops idle connections: one has turned out to be broken, so the others may be too. */
    void forgetIdle() {
        pool.clear();
    }

    @Override
    public void close() {
        pool.close();
    }

    private static URI parse(String url) {
        String shown = mask(url);
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            // the cause would show the password
            throw new InvalidInputException("'" + shown + "' is no URL; write redis://host:6379");
        }
        if (!JedisURIHelper.isRedisScheme(uri) && !JedisURIHelper.isRedisSSLScheme(uri)) {
            throw new InvalidInputException("URL '" + shown + "' must begin with redis:// or rediss://");
        }
        if (uri.getHost() == null) {
            throw new InvalidInputException("URL '" + shown + "' names no host; write redis://host:6379");
        }
        if (uri.getUserInfo() != null && !uri.getUserInfo().contains(":")) {
            throw new InvalidInputException(
                    "URL '" + shown + "' has a user without a password; write redis://user:password@host:6379");
        }
        String path = uri.getPath();
        if (path != null && !path.isEmpty() && !path.matches("/\\d{0,5}")) {
            throw new InvalidInputException(
                    "URL '" + shown + "': '" + path + "' is no database number; write redis://host:6379/0");
        }
        return uri;
    }

    /** Hides what stands before the host. */
    static String mask(String url) {
        return url.replaceFirst("(?s)^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", "$1***@");
    }
}
