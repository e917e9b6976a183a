package dev.hark.internal.redis;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.hark.devserver.Binary;
import dev.hark.devserver.DevServerException;
import dev.hark.devserver.ServerOptions;

/** On the redis-server that is installed here, if there is one. */
class RedisOnPathConformanceTest extends RedisConformance {

    @Override
    protected RedisRig start() {
        try {
            return super.start();
        } catch (DevServerException e) {
            return abort("skipped: " + e.getMessage());
        }
    }

    @Override
    ServerOptions options() {
        return ServerOptions.defaults().binary(Binary.onPath());
    }
}
