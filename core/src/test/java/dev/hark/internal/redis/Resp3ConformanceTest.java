package dev.hark.internal.redis;

import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;

/** Over version 3 of the protocol, whose replies have other forms. */
class Resp3ConformanceTest extends RedisConformance {

    @Override
    ServerOptions options() {
        return ServerOptions.defaults().binary(Binary.bundled());
    }

    @Override
    protected RedisRig start() {
        return new RedisRig(options(), redis -> redis.protocol(3));
    }
}
