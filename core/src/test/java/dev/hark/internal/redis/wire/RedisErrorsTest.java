package dev.hark.internal.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Redis;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.testing.OldRedis;
import java.net.SocketException;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** What failed commands mean. */
class RedisErrorsTest {

    /** Servers that put different things around an error inside a script. */
    enum Version {
        OLD,
        PRESENT
    }

    @ParameterizedTest
    @EnumSource
    void anErrorInsideAScriptIsKnownByItsOwnCode(Version version) {
        ServerOptions options = ServerOptions.defaults().with("min-replicas-to-write", "1");
        try (DevServer server = DevServer.start(version == Version.OLD ? options.binary(OldRedis.binary()) : options);
                Connections connections = new Connections(Redis.of(server.url()), event -> {});
                Link link = connections.open(connections.route(""))) {
            StoreException inScript =
                    fails(() -> link.call(Command.EVAL, "return redis.call('XADD', 'a', '*', 'b', 'c')", 0));
            StoreException outside = fails(() -> link.call(Command.SET, "a", "b"));
            assertThat(server.version().startsWith("6.2.")).isEqualTo(version == Version.OLD);
            assertThat(inScript).hasMessageContaining("NOREPLICAS");
            assertThat(inScript.kind()).isEqualTo(Kind.NOT_NOW);
            assertThat(outside.kind()).isEqualTo(Kind.NOT_NOW);
            assertThat(RedisErrors.is(inScript, "NOREPLICAS")).isTrue();

            link.call(Command.CONFIG, "SET", "min-replicas-to-write", 0);
            link.call(Command.SET, "a", "b");
            StoreException wrong = fails(() -> link.call(Command.EVAL, "return redis.call('XLEN', 'a')", 0));
            assertThat(wrong.kind()).isEqualTo(Kind.WRONG_TYPE);
            StoreException own = fails(() ->
                    link.call(Command.EVAL, "return redis.error_reply('WRONGTYPE a holds a string where Hark …')", 0));
            assertThat(own.kind()).isEqualTo(Kind.WRONG_TYPE);
            StoreException broken = fails(() -> link.call(Command.EVAL, "return nothing.at.all", 0));
            assertThat(broken.kind()).isEqualTo(Kind.NEVER);
        }
    }

    private static StoreException fails(ThrowingCallable work) {
        return Assertions.catchThrowableOfType(StoreException.class, work);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOADING Redis is loading the dataset in memory | NOT_NOW",
                "READONLY You can't write against a read only replica. | NOT_NOW",
                "MASTERDOWN Link with MASTER is down | NOT_NOW",
                "CLUSTERDOWN Hash slot not served | NOT_NOW",
                "TRYAGAIN Multiple keys request during rehashing of slot | NOT_NOW",
                "BUSY Redis is busy running a script. | NOT_NOW",
                "MOVED 3999 127.0.0.1:6381 | NOT_NOW",
                "NOREPLICAS Not enough good replicas to write. | NOT_NOW",
                "UNBLOCKED the stream key no longer exists | NOT_NOW",
                "NOGROUP No such key 'a' or consumer group | NOT_NOW",
                "MISCONF Redis is configured to save RDB snapshots | NOT_NOW",
                "ERR max number of clients reached | NOT_NOW",
                "WRONGTYPE Operation against a key | WRONG_TYPE",
                "NOAUTH Authentication required. | NEVER",
                "WRONGPASS invalid username-password pair | NEVER",
                "NOPERM this user has no permissions | NEVER",
                "OOM command not allowed when used memory > 'maxmemory'. | NEVER",
                "HARKFULL a stream is full | NEVER",
                "HARKLAYOUT a queue says layout 2 | NEWER_LAYOUT",
                "ERR syntax error | NEVER",
            })
    void anAnswerHasItsKind(String answer, Kind kind) {
        StoreException failure = RedisErrors.of(new JedisDataException(answer), "host:6379");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("host:6379").hasMessageContaining(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPERM this user has no permissions to run the 'xrange' command or its subcommand",
                "ERR The user executing the script can't run this command or subcommand", // 7.0
                "ERR ACL failure in script: User ann has no permissions to run the 'xrange' command" // 7.2
            })
    void aMissingPermissionIsSaidWithWhereToFindIt(String answer) {
        StoreException failure = RedisErrors.of(
                new JedisDataException(answer), "host:6379", Script.PUBLISH, List.of("hark:{mail}:ready"));

        assertThat(failure).hasMessageContainingAll(answer, "publish.lua", "hark:{mail}:ready", "'hark acl publisher'");
    }

    @Test
    void withoutAnAnswerItIsUnknownOnceACommandWasSent() {
        JedisException cut = new JedisConnectionException("outer", new SocketException("Connection reset"));

        assertThat(RedisErrors.of(cut, "host:6379").kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(RedisErrors.of(cut, "host:6379")).hasMessageContainingAll("host:6379", "Connection reset");
        assertThat(RedisErrors.notConnected(cut, "host:6379").kind()).isEqualTo(Kind.NOT_NOW);
    }
}
