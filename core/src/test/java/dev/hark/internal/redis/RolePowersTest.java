package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hark.Hark;
import dev.hark.Redis;
import dev.hark.admin.AclUser;
import dev.hark.admin.AclUser.Syntax;
import dev.hark.admin.Role;
import dev.hark.devserver.Binary;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.testing.OldRedis;
import dev.hark.testing.Stranger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user can do by hand with the permissions of a role. */
class RolePowersTest {

    private static final String READY = "hark:{mail}:ready";
    private static final String HELD = "hark:{mail}:held";
    private static final String DEAD = "hark:{mail}:dead";
    private static final String BODY = "the-secret-body";

    /** All the ways to a body that one can think of; KEY stands for each key in turn that has some. */
    private static final List<String> READS = List.of(
            "XRANGE KEY - +",
            "XREVRANGE KEY + -",
            "XREAD COUNT 9 STREAMS KEY 0",
            "XGROUP CREATE KEY mine 0",
            "XREADGROUP GROUP hark me STREAMS KEY >",
            "XREADGROUP GROUP hark me STREAMS KEY 0",
            "XINFO STREAM KEY",
            "XINFO STREAM KEY FULL",
            "XCLAIM KEY hark me 0 1-1",
            "XAUTOCLAIM KEY hark me 0 0",
            "HGET KEY 1-1",
            "HGETALL KEY",
            "HVALS KEY",
            "HMGET KEY 1-1",
            "HRANDFIELD KEY 1 WITHVALUES",
            "HSCAN KEY 0",
            "GET KEY",
            "GETRANGE KEY 0 -1",
            "GETDEL KEY",
            "GETEX KEY",
            "SET KEY x GET",
            "DUMP KEY",
            "COPY KEY hark:{mail}:sender:a",
            "RENAME KEY hark:{mail}:sender:a",
            "MIGRATE 127.0.0.1 1 KEY 0 1000 COPY",
            "RESTORE KEY 0 x",
            "SORT KEY BY nosort GET *",
            "SORT hark:{mail}:later BY nosort GET KEY->1-1",
            "OBJECT ENCODING KEY",
            "MEMORY USAGE KEY",
            "DEBUG OBJECT KEY",
            "STRLEN KEY",
            "SUBSTR KEY 0 -1",
            "LCS KEY KEY",
            "MONITOR",
            "SLOWLOG GET",
            "SAVE",
            "PSYNC ? -1",
            "CONFIG GET *",
            "SCRIPT FLUSH",
            "FLUSHALL",
            "KEYS *",
            "SCAN 0");

    /** All the ways to change a field of a hash that one can think of. */
    private static final List<String> LAYOUT_CHANGES = Stream.of(
                    "HINCRBY STATS layout 99",
                    "HINCRBYFLOAT STATS layout 99",
                    "HSET STATS layout v99",
                    "HSET STATS layout v1",
                    "HMSET STATS layout v99",
                    "HSETNX STATS layout v99",
                    "HDEL STATS layout",
                    "HGETDEL STATS FIELDS 1 layout",
                    "HEXPIRE STATS 0 FIELDS 1 layout",
                    "DEL STATS",
                    "UNLINK STATS",
                    "RENAME STATS hark:{mail}:sender:a",
                    "RENAME hark:{mail}:config STATS",
                    "COPY hark:{mail}:config STATS REPLACE",
                    "SET STATS v99",
                    "GETDEL STATS",
                    "EXPIRE STATS 0",
                    "PEXPIRE STATS 0",
                    "RESTORE STATS 0 x REPLACE",
                    "SORT STATS STORE STATS",
                    "MOVE STATS 1")
            .map(command -> command.replace("STATS", "hark:{mail}:stats"))
            .toList();

    @Test
    void aPublisherCanReadNoBody() {
        try (Given given = new Given(ServerOptions.defaults(), AclUser.of(Role.PUBLISHER))) {
            assertThat(given.readsThatGoThrough()).isEmpty();
        }
    }

    /** So that the test before is known to find what there is. */
    @Test
    void aWorkerCan() {
        try (Given given = new Given(ServerOptions.defaults(), AclUser.of(Role.WORKER))) {
            assertThat(given.readsThatGoThrough())
                    .contains("XRANGE " + READY + " - +", "EVAL XRANGE " + READY + " - +", "HGET " + HELD + " 1-1")
                    .noneMatch(read -> read.contains(DEAD))
                    .doesNotContain("XINFO STREAM " + READY, "HGETALL " + HELD, "DUMP " + READY, "KEYS *");
        }
    }

    @Test
    void onRedis62aPublisherCanReadWhatIsDueLaterAndNoMore() {
        AclUser user = AclUser.of(Role.PUBLISHER).syntax(Syntax.REDIS_6_2);
        try (Given given = new Given(ServerOptions.defaults().binary(OldRedis.binary()), user)) {
            assertThat(given.readsThatGoThrough())
                    .containsExactlyInAnyOrder(
                            "HGET " + HELD + " 1-1",
                            "HMGET " + HELD + " 1-1",
                            "EVAL HGET " + HELD + " 1-1",
                            "EVAL HMGET " + HELD + " 1-1");
        }
    }

    @Test
    void aPublisherThatMayDropTheOldestCanReadWhatWaits() {
        AclUser user = AclUser.of(Role.PUBLISHER).dropOldest(true);
        try (Given given = new Given(ServerOptions.defaults(), user)) {
            assertThat(given.readsThatGoThrough())
                    .containsExactlyInAnyOrder("XRANGE " + READY + " - +", "EVAL XRANGE " + READY + " - +");
        }
    }

    @Test
    void aPublisherCanLockNobodyOut() {
        try (Given given = new Given(
                        ServerOptions.defaults(), AclUser.of(Role.PUBLISHER).dropOldest(true));
                RedisStore store = new RedisStore(Redis.of(given.server.url()), "hark")) {
            List<String> through = given.through(LAYOUT_CHANGES);

            assertThat(through).contains("HINCRBY hark:{mail}:stats layout 99");
            store.open(Address.of("mail"), "s", Duration.ofSeconds(10));
            assertThat(store.info(Address.of("mail")).waiting()).isEqualTo(1);
        }
    }

    @Test
    void aPublisherCanLetNobodyInWhoDoesNotKnowTheLayout() {
        try (Given given = new Given(
                        ServerOptions.defaults(), AclUser.of(Role.PUBLISHER).dropOldest(true));
                RedisStore store = new RedisStore(Redis.of(given.server.url()), "hark")) {
            given.admin.call("HSET", "hark:{mail}:stats", "layout", "v99");

            assertThat(given.through(LAYOUT_CHANGES)).isEmpty();

            assertThat(catchThrowable(() -> store.open(Address.of("mail"), "s", Duration.ofSeconds(10))))
                    .hasMessageContaining("HARKLAYOUT");
        }
    }

    @Test
    void nobodyWhoMayNotReadCanAskForWholeStreams() {
        for (Role role : List.of(Role.PUBLISHER, Role.WORKER)) {
            for (Syntax syntax : List.of(Syntax.REDIS_6_2, Syntax.REDIS_7_2)) {
                assertThat(Hark.aclLine(AclUser.of(role).syntax(syntax)))
                        .as(role + " " + syntax)
                        .doesNotContain("xinfo|stream", "+xinfo ");
            }
        }
    }

    @Test
    void aReaderCanChangeNothing() {
        try (Given given = new Given(ServerOptions.defaults(), AclUser.of(Role.READER))) {
            assertThat(given.dryRun("XRANGE", READY, "-", "+")).isEqualTo("OK");
            List<?> writes = given.admin.list("ACL", "CAT", "write");
            assertThat(writes.stream().map(String::valueOf)).contains("xadd", "del", "hset");

            for (Object write : writes) {
                assertThat(given.dryRun(given.call(String.valueOf(write))))
                        .as(String.valueOf(write))
                        .contains("has no permissions to run");
            }
            assertThat(given.dryRun("PUBLISH", "hark:{mail}:wake", "")).contains("has no permissions to run");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoleOfAnotherPrefixCanDoNothingHere(Role role) {
        AclUser user = AclUser.of(role).prefix("har");
        AclUser longer = AclUser.of(role).prefix("hark2");
        for (AclUser other : List.of(user, longer)) {
            try (Given given = new Given(ServerOptions.defaults(), other)) {
                for (String command : List.of("XLEN " + READY, "XADD " + READY + " * a b", "TYPE " + HELD)) {
                    assertThat(catchThrowable(() -> given.user.call(command.split(" ")[0], rest(command))))
                            .as("%s by %s", command, other.name())
                            .hasMessageContaining("NOPERM");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNewServerReadsWhatIsForAnOldOneAndNotTheOtherWayRound(Role role) {
        AclUser old = AclUser.of(role).syntax(Syntax.REDIS_6_2);
        AclUser newer = AclUser.of(role).syntax(Syntax.REDIS_7_2);
        try (Given given = new Given(ServerOptions.defaults().binary(Binary.bundled()), old)) {
            given.make(AclUser.of(role));
            assertThat(catchThrowable(() -> given.make(newer))).hasMessageContaining("waitaof");
        }
    }

    private static Object[] rest(String command) {
        List<String> words = List.of(command.split(" "));
        return words.subList(1, words.size()).toArray();
    }

    /** A server with a body in each place, and one user beside the default one. */
    private static final class Given implements AutoCloseable {

        private final DevServer server;
        private final AclUser who;
        final Stranger admin;
        final Stranger user;

        Given(ServerOptions options, AclUser who) {
            this.who = who;
            server = DevServer.start(options);
            admin = new Stranger(server);
            make(who);
            user = new Stranger(server);
            user.call("AUTH", who.name(), "secret");
            for (String stream : List.of(READY, DEAD)) {
                admin.call("XADD", stream, "1-1", "body", BODY);
                admin.call("XGROUP", "CREATE", stream, "hark", "0");
            }
            admin.call("HSET", HELD, "1-1", BODY);
            admin.call("ZADD", "hark:{mail}:later", 1, "1-1");
        }

        void make(AclUser user) {
            List<String> words = new ArrayList<>(List.of(Hark.aclLine(user).split(" ")));
            words.set(0, "SETUSER");
            words.add(">secret");
            admin.call("ACL", words.toArray());
        }

        /** Those of some commands whose reply is no error. */
        List<String> through(List<String> commands) {
            return commands.stream()
                    .filter(command -> catchThrowable(() -> user.call(command.split(" ")[0], rest(command))) == null)
                    .toList();
        }

        /** Each command, plainly and inside a script, whose reply is no error. */
        List<String> readsThatGoThrough() {
            List<String> through = new ArrayList<>();
            for (String read : READS) {
                for (String key : read.contains("KEY ") || read.endsWith("KEY") || read.contains("KEY-")
                        ? List.of(READY, HELD, DEAD)
                        : List.of("")) {
                    String command = read.replaceAll("\\bKEY\\b", key);
                    if (catchThrowable(() -> user.call(command.split(" ")[0], rest(command))) == null) {
                        through.add(command);
                    }
                    List<Object> script = new ArrayList<>(List.of("return redis.call(unpack(ARGV))", 0));
                    script.addAll(List.of(command.split(" ")));
                    if (catchThrowable(() -> user.call("EVAL", script.toArray())) == null) {
                        through.add("EVAL " + command);
                    }
                }
            }
            return through;
        }

        /** A command with as many arguments as it wants, all of them a key that the user may touch. */
        String[] call(String command) {
            List<?> info = (List<?>) admin.list("COMMAND", "INFO", command).get(0);
            int words = Math.abs(Integer.parseInt(String.valueOf(info.get(1))));
            List<String> call = new ArrayList<>(List.of(command.split("\\|")));
            call.addAll(Collections.nCopies(words - call.size(), READY));
            return call.toArray(String[]::new);
        }

        String dryRun(String... command) {
            List<Object> args = new ArrayList<>(List.of("DRYRUN", who.name()));
            args.addAll(List.of(command));
            return admin.text("ACL", args.toArray());
        }

        @Override
        public void close() {
            user.close();
            admin.close();
            server.close();
        }
    }
}
