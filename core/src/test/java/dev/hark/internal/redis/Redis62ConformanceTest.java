package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** On Redis 6.2, the oldest that Hark runs on. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "there is no binary of 6.2 for this machine")
class Redis62ConformanceTest extends RedisConformance {

    @Override
    ServerOptions options() {
        return ServerOptions.defaults().binary(Binary.resource("redis-server-6.2.6-v5-linux-amd64"));
    }

    @Test
    void theServerIsReallyThatOld() {
        assertThat(rig().version()).startsWith("6.2.");
    }
}
