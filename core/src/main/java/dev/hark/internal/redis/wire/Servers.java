package dev.hark.internal.redis.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Which server holds what. Nothing is looked up or connected before it is needed. What
 * is known may be out of date: the servers say so, or do not answer, and then it is looked up again. All methods may be
 * called from any thread, and throw a {@link redis.clients.jedis.exceptions.JedisException} when there is no connection.
 */
interface Servers extends AutoCloseable {

    /** Where a key is, as far as is known. */
    Route route(String key);

    /** Where a call goes on that was refused; null if that is all. */
    @Nullable
    Route redirected(JedisRedirectionException refusal);

    /** Every server that holds something, but for replicas. */
    List<HostAndPort> masters();

    /** What is known has turned out to be wrong, or may be. */
    void doubt();

    @Override
    void close();
}
