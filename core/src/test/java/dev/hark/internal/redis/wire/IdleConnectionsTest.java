package dev.hark.internal.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hark.Codec;
import dev.hark.Hark;
import dev.hark.Redis;
import dev.hark.admin.Inspector;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.testing.Server;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Protocol.Command;

/** The first call after connections were idle for so long that they were closed, as CONFIG SET timeout lets Redis do. */
class IdleConnectionsTest {

    @RegisterExtension
    static final Server redis = new Server();

    private static void closeAllConnections() {
        redis.stranger().call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }

    static Stream<Named<Function<Inspector, ?>>> looks() {
        return Stream.of(
                Named.of("queueNames", Inspector::queueNames),
                Named.of("queues", Inspector::queues),
                Named.of("info", it -> it.queue("mail").info()),
                Named.of("settings", it -> it.queue("mail").settings()),
                Named.of("configure", it -> it.queue("mail").configure(settings -> settings.maxLength(700))),
                Named.of("list", it -> it.queue("mail").dead().list(10)),
                Named.of("find", it -> it.queue("mail").dead().find("1-1")),
                Named.of("retry", it -> it.queue("mail").dead().retry("1-1")),
                Named.of("diagnose", Inspector::diagnose));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void lookingGoesOnOverANewConnection(Function<Inspector, ?> look) {
        try (Hark hark = Hark.connect(redis.url())) {
            hark.queue("mail", Codec.bytes()).publish(new byte[0]);
            assertThat(look.apply(hark.inspector())).isNotNull();
            closeAllConnections();

            assertThat(look.apply(hark.inspector())).isNotNull();
        }
    }

    @Test
    void aQueueThatIsMadeAfterwardsReadsItsSettings() {
        try (Hark hark = Hark.connect(redis.url())) {
            hark.queue("before", Codec.bytes()).publish(new byte[0]);
            closeAllConnections();

            hark.queue("afterwards", Codec.bytes()).publish(new byte[0]);
        }
    }

    @Test
    void whatMayHaveBeenWrittenIsNotWrittenTwice() {
        try (Connections connections = new Connections(Redis.of(redis.url()), event -> {});
                Calls calls = new Calls(connections, Purpose.LOOKING)) {
            calls.call("hark:queues", Command.SMEMBERS, "hark:queues");
            closeAllConnections();

            StoreException failure = catchThrowableOfType(
                    StoreException.class, () -> calls.call("hark:queues", Command.SADD, "hark:queues", "mail"));
            assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        }
    }

    @Test
    void theseScriptsOnlyRead() {
        assertThat(Arrays.stream(Script.values()).filter(Script::reads))
                .containsExactlyInAnyOrder(
                        Script.VERIFY, Script.INFO, Script.LIST_DEAD, Script.FIND_DEAD, Script.EXAMINE, Script.WEIGH);
    }
}
