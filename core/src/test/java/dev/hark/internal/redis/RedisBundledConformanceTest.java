package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.Store;
import dev.hark.internal.memory.MemoryStore;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** On the Redis 7.0 that the dev server brings along. */
class RedisBundledConformanceTest extends RedisConformance {

    private static final int PATTERNS = 300;

    @Override
    ServerOptions options() {
        return ServerOptions.defaults().binary(Binary.bundled());
    }

    @Test
    void anyPatternMatchesAsInTheStoreInMemory() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (MemoryStore memory = new MemoryStore()) {
            for (int i = 0; i < PATTERNS; i++) {
                String prefix = "any" + i + ":"; // a subscription that was closed may be known for a moment longer
                String pattern = prefix + text(random, "aabbc-^*?[]\\");
                try (ChannelSource<String> here = store().listen(pattern, true);
                        ChannelSource<String> there = memory.listen(pattern, true)) {
                    assertThat(here).isNotSameAs(there);
                    for (int j = 0; j < 5; j++) {
                        String channel = prefix + text(random, "abc-^*]");
                        assertThat(heard(memory, channel))
                                .as("pattern %s, channel %s, seed %d", pattern, channel, seed)
                                .isEqualTo(heard(store(), channel));
                    }
                }
            }
        }
    }

    private static boolean heard(Store store, String channel) {
        return store.broadcast(channel, new byte[0]) > 0;
    }

    private static String text(Random random, String letters) {
        return random.ints(random.nextInt(7), 0, letters.length())
                .mapToObj(at -> String.valueOf(letters.charAt(at)))
                .collect(Collectors.joining());
    }
}
