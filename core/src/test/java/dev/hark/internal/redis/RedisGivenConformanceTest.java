package dev.hark.internal.redis;

import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** On the redis-server or valkey-server that the environment names, such as a newer one. */
@EnabledIfEnvironmentVariable(
        named = "HARK_TEST_REDIS_SERVER",
        matches = ".+",
        disabledReason = "names the file of one more redis-server to test on")
class RedisGivenConformanceTest extends RedisConformance {

    @Override
    ServerOptions options() {
        return ServerOptions.defaults().binary(Binary.at(Path.of(System.getenv("HARK_TEST_REDIS_SERVER"))));
    }
}
