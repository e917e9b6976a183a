package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hark.admin.Role;
import dev.hark.devserver.Binary;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.Fsync;
import dev.hark.devserver.ServerOptions;
import dev.hark.error.NotDurableException;
import dev.hark.testing.OldRedis;
import dev.hark.testing.Stranger;
import dev.hark.testing.Users;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Receipts say whether a message is on disk, by servers that are set to sync it at once, later, or not at all. */
class FsyncedTest {

    private static final ServerOptions BUNDLED = ServerOptions.defaults().binary(Binary.bundled());

    static Stream<Binary> binaries() {
        return Stream.of(OldRedis.binary(), Binary.bundled(), Binary.any());
    }

    private static Durability reached(String url) {
        try (Hark hark = Hark.connect(url)) {
            return hark.queue("mail", String.class)
                    .publish("hi", Publish.durability(Durability.FSYNCED))
                    .durability();
        }
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void aServerThatAlwaysSyncsHasIt(Binary binary) {
        try (DevServer redis =
                DevServer.start(ServerOptions.defaults().binary(binary).appendOnly(Fsync.ALWAYS))) {
            assertThat(reached(redis.url())).isEqualTo(Durability.FSYNCED);
        }
    }

    @Test
    void aServerThatSyncsEverySecondHasItOnlyIfItCanBeWaitedFor() {
        try (DevServer redis = DevServer.start(ServerOptions.defaults().appendOnly(Fsync.EVERYSEC))) {
            assertThat(reached(redis.url())).isEqualTo(waits(redis) ? Durability.FSYNCED : Durability.MEMORY);
        }
    }

    /** The permission is granted for this alone, where there is such a command. */
    @Test
    void whoMayNotAskForSyncsClaimsNothing() {
        ServerOptions options = ServerOptions.defaults().appendOnly(Fsync.EVERYSEC);
        try (DevServer redis = DevServer.start(Users.in(options, "hark"))) {
            assumeTrue(waits(redis), "no WAITAOF before Redis 7.2");
            assertThat(reached(Users.url(redis, Role.ADMIN, "hark"))).isEqualTo(Durability.FSYNCED);

            Users.change(redis, "hark", "-waitaof");

            assertThat(reached(Users.url(redis, Role.ADMIN, "hark"))).isEqualTo(Durability.MEMORY);
        }
    }

    private static boolean waits(DevServer redis) {
        try (Stranger stranger = new Stranger(redis)) {
            return stranger.list("COMMAND", "INFO", "WAITAOF").get(0) != null;
        }
    }

    @Test
    void aServerThatKeepsNoFileHasItInMemoryOnly() {
        try (DevServer redis = DevServer.start();
                Hark hark = Hark.connect(redis.url())) {
            MessageQueue<String> mail = hark.queue("mail", String.class);

            assertThat(mail.publish("one", Publish.durability(Durability.FSYNCED))
                            .durability())
                    .isEqualTo(Durability.MEMORY);
            assertThatThrownBy(() -> mail.publish(
                            "two", Publish.durability(Durability.FSYNCED).strict()))
                    .isInstanceOf(NotDurableException.class)
                    .hasMessageContainingAll("reached only memory", "wanted fsynced");
            assertThat(hark.inspector().queue("mail").info().published()).isEqualTo(2);
        }
    }

    @Test
    void whatMayBeLeftUnsyncedWhileTheFileIsRewrittenIsNotSynced() {
        try (DevServer redis =
                DevServer.start(BUNDLED.appendOnly(Fsync.ALWAYS).with("no-appendfsync-on-rewrite", "yes"))) {
            assertThat(reached(redis.url())).isEqualTo(Durability.MEMORY);
        }
    }

    @Test
    void whoMayNotReadTheConfigurationClaimsNothing() {
        try (DevServer redis = DevServer.start(BUNDLED.appendOnly(Fsync.ALWAYS));
                Stranger stranger = new Stranger(redis)) {
            stranger.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "&*", "+@all", "-config");

            assertThat(reached("redis://app:secret@127.0.0.1:" + redis.port())).isEqualTo(Durability.MEMORY);
            assertThat(stranger.text("ACL", "LOG")).contains("config");
        }
    }

    @Test
    void manyMessagesAskOnce() {
        try (DevServer redis = DevServer.start(BUNDLED.appendOnly(Fsync.ALWAYS));
                Stranger stranger = new Stranger(redis);
                Hark hark = Hark.connect(redis.url())) {
            assertThat(hark.queue("mail", String.class)
                            .publishAll(OnBothStores.bodies(500), Publish.durability(Durability.FSYNCED)))
                    .extracting(Receipt::durability)
                    .containsOnly(Durability.FSYNCED);

            assertThat(stranger.text("INFO", "commandstats")).containsPattern("config\\|get:calls=1,");
        }
    }
}
