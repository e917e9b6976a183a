package dev.hark.internal.redis.wire;

import dev.hark.Redis;
import java.time.Duration;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;

/** How connections are made: login, encryption, timeouts, and how many are pooled. */
public final class Wire {

    /** How long a reply may take; a blocking command adds its own wait. */
    public static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** How long a borrower waits for a connection before that is worth telling. */
    static final Duration LENT_WITHIN = Duration.ofSeconds(1);

    private final Redis redis;
    private final DefaultJedisClientConfig config;
    private final @Nullable SslOptions tls;

    Wire(Redis redis) {
        this.redis = redis;
        tls = redis.tls() == null ? null : Pem.options(redis.tls());
        config = config(CONNECT_TIMEOUT, REPLY_TIMEOUT, redis.login(), redis.database());
    }

    private DefaultJedisClientConfig config(
            Duration connect, Duration reply, Redis.@Nullable Login login, int database) {
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .protocol(redis.protocol() == 3 ? RedisProtocol.RESP3 : RedisProtocol.RESP2)
                .connectionTimeoutMillis((int) connect.toMillis())
                .socketTimeoutMillis((int) reply.toMillis())
                .database(database)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .clientName("hark");
        if (tls != null) {
            builder.sslOptions(tls);
        }
        if (login != null) {
            builder.user(login.user()).password(login.password());
        }
        return builder.build();
    }

    DefaultJedisClientConfig config() {
        return config;
    }

    /** Of so many at most, who is longest in want of one first. */
    GenericObjectPoolConfig<Connection> limits(int most) {
        GenericObjectPoolConfig<Connection> limits = new GenericObjectPoolConfig<>();
        limits.setMaxTotal(most);
        limits.setMaxIdle(most);
        limits.setMaxWait(LENT_WITHIN);
        limits.setFairness(true);
        limits.setJmxEnabled(false);
        return limits;
    }

    ConnectionPool pool(HostAndPort node, int most) {
        return new ConnectionPool(node, config, limits(most));
    }

    Connection connect(HostAndPort node) {
        return new Connection(node, config);
    }

    /** On which neither connecting nor any reply takes longer than this. */
    Connection connect(HostAndPort node, Duration limit) {
        Duration most = limit.compareTo(CONNECT_TIMEOUT) < 0 ? limit : CONNECT_TIMEOUT;
        Duration some = most.toMillis() < 1 ? Duration.ofMillis(1) : most;
        return new Connection(node, config(some, some, redis.login(), redis.database()));
    }

    /** Sentinels have logins of their own, no databases, and answer at once if at all. */
    Connection sentinel(HostAndPort node, Redis.@Nullable Login login) {
        return new Connection(node, config(CONNECT_TIMEOUT, CONNECT_TIMEOUT, login, 0));
    }

    Subscription subscription(HostAndPort node) {
        return new Subscription(node, config);
    }
}
