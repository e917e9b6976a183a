package dev.hark.bench.peers;

import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.Codec;
import org.redisson.codec.TypedJsonJackson3Codec;
import org.redisson.config.Config;

/** Connects Redisson with its defaults. */
final class RedissonClients {

    /** Orders as plain JSON, as values and as the values of maps. */
    static final Codec ORDERS = new TypedJsonJackson3Codec(Order.class, String.class, Order.class);

    private RedissonClients() {}

    static RedissonClient connect(String url) {
        Config config = new Config();
        config.useSingleServer().setAddress(url);
        return Redisson.create(config);
    }
}
