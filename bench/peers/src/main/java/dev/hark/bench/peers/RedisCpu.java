package dev.hark.bench.peers;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import redis.clients.jedis.Jedis;

/** Redis's own figures. */
final class RedisCpu implements AutoCloseable {

    private final Jedis redis;

    RedisCpu(String url) {
        redis = new Jedis(URI.create(url));
    }

    /** CPU of the main thread since the server started, in microseconds. */
    double micros() {
        Map<String, String> info = info("cpu");
        return 1e6
                * (Double.parseDouble(info.getOrDefault("used_cpu_user_main_thread", "0"))
                        + Double.parseDouble(info.getOrDefault("used_cpu_sys_main_thread", "0")));
    }

    String version() {
        return info("server").getOrDefault("redis_version", "?");
    }

    private Map<String, String> info(String section) {
        Map<String, String> values = new HashMap<>();
        redis.info(section).lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return values;
    }

    @Override
    public void close() {
        redis.close();
    }
}
