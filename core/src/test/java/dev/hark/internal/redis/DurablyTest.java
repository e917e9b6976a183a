package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Durability;
import dev.hark.QueueSettings;
import dev.hark.Redis;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.testing.FakeRedis;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a server's answers to the question how durable a batch is, also of servers that are not at hand. */
class DurablyTest {

    private static final String AOF_IS_OFF =
            "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.";
    private static final String UNKNOWN_COMMAND = "-ERR unknown command 'WAITAOF', with args beginning with: '1' '0' ";
    private static final String ALWAYS = config("yes", "always", "no");
    private static final String WELL = """
            aof_enabled:1
            aof_rewrite_in_progress:0
            aof_rewrite_scheduled:0
            aof_last_write_status:ok
            aof_base_size:0
            """;

    private FakeRedis redis;
    private RedisStore store;

    @BeforeEach
    void open() throws IOException {
        redis = new FakeRedis("7.4.0").answering("EVALSHA", FakeRedis.bulk("accepted r 5-0 1"));
        store = new RedisStore(Redis.of(redis.url()), "hark");
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        redis.close();
    }

    private static String config(String appendonly, String appendfsync, String unsynced) {
        return "*6\r\n"
                + String.join(
                        "\r\n",
                        List.of(
                                        "appendonly",
                                        appendonly,
                                        "appendfsync",
                                        appendfsync,
                                        "no-appendfsync-on-rewrite",
                                        unsynced)
                                .stream()
                                .map(FakeRedis::bulk)
                                .toList());
    }

    private PublishReply publish(Durability wanted) {
        QueueSettings settings = QueueSettings.NONE.durability(wanted);
        return store.publish(
                new Batch(Address.of("q"), "sender", 1, "nonce", List.of(QueueDriver.message("x")), settings));
    }

    private static PublishReply accepted(Durability reached) {
        return new PublishReply.Accepted(List.of(new Placed("5-0", Placed.How.READY)), false, reached);
    }

    @Test
    void whereTheFileCanBeWaitedForItIs() {
        redis.answering("WAITAOF", "*2\r\n:1\r\n:0");

        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.FSYNCED));

        assertThat(redis.heard()).containsExactly("EVALSHA", "WAITAOF", "SADD");
    }

    @Test
    void aFileThatWasNotSyncedInTimeIsNotCountedNorIsThatOfAReplica() {
        redis.answering("WAITAOF", "*2\r\n:0\r\n:1");

        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.MEMORY));
    }

    @Test
    void whereThereIsNoFileItIsInMemory() {
        redis.answering("WAITAOF", AOF_IS_OFF).answering("CONFIG", config("no", "always", "no"));

        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.MEMORY));
    }

    @Test
    void anOlderServerIsAskedWhetherItAlwaysSyncs() {
        redis.answering("WAITAOF", UNKNOWN_COMMAND).answering("CONFIG", ALWAYS).answering("INFO", FakeRedis.bulk(WELL));

        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.FSYNCED));
    }

    @ParameterizedTest
    @CsvSource({"no, always, no", "yes, everysec, no", "yes, no, no", "yes, always, yes"})
    void anyOtherWayOfSyncingIsNotEnough(String appendonly, String appendfsync, String unsynced) {
        redis.answering("WAITAOF", UNKNOWN_COMMAND)
                .answering("CONFIG", config(appendonly, appendfsync, unsynced))
                .answering("INFO", FakeRedis.bulk(WELL));

        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.MEMORY));
    }

    @ParameterizedTest
    @CsvSource({
        "aof_enabled:1, aof_enabled:0",
        "aof_last_write_status:ok, aof_last_write_status:err",
        "aof_rewrite_in_progress:0, aof_rewrite_in_progress:1", // the first file is not complete
        "aof_rewrite_scheduled:0, aof_rewrite_scheduled:1"
    })
    void aFileThatIsNotInOrderIsNotEnough(String well, String bad) {
        redis.answering("WAITAOF", UNKNOWN_COMMAND)
                .answering("CONFIG", ALWAYS)
                .answering("INFO", FakeRedis.bulk(WELL.replace(well, bad)));

        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.MEMORY));
    }

    @Test
    void aFileThatIsRewrittenLaterIsEnough() {
        redis.answering("WAITAOF", UNKNOWN_COMMAND)
                .answering("CONFIG", ALWAYS)
                .answering(
                        "INFO",
                        FakeRedis.bulk(
                                WELL.replace("in_progress:0", "in_progress:1").replace("size:0", "size:88")));

        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.FSYNCED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-NOPERM this user has no permissions", "-ERR unknown command 'WAIT'"})
    void whatMayNotBeAskedIsNotClaimed(String refusal) {
        redis.answering("WAIT", refusal).answering("WAITAOF", refusal).answering("CONFIG", refusal);

        assertThat(publish(Durability.replicated(1))).isEqualTo(accepted(Durability.MEMORY));
        assertThat(publish(Durability.FSYNCED)).isEqualTo(accepted(Durability.MEMORY));
    }

    @ParameterizedTest
    @CsvSource({"0, memory", "1, replicated(1)", "2, replicated(2)", "3, replicated(3)", "1000, replicated(100)"})
    void replicasAreCounted(int count, String reached) {
        redis.answering("WAIT", ":" + count);

        assertThat(publish(Durability.replicated(2))).isEqualTo(accepted(Durability.parse(reached)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
                "-ERR WAIT cannot be used with replica instances.",
                ""
            })
    void whenTheServerIsNoLongerTheOneItIsUnknownSoThatTheBatchIsSentAgain(String answer) {
        redis.answering("WAIT", answer);

        assertThatThrownBy(() -> publish(Durability.replicated(1)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN));
    }

    @Test
    void inMemoryNothingIsAsked() {
        assertThat(publish(Durability.MEMORY)).isEqualTo(accepted(Durability.MEMORY));

        assertThat(redis.heard()).containsExactly("EVALSHA", "SADD");
    }

    @Test
    void whatIsNotAcceptedIsNotWaitedFor() {
        redis.answering("EVALSHA", FakeRedis.bulk("gap 7"));

        assertThat(publish(Durability.replicated(1))).isEqualTo(new PublishReply.Gap(7));

        assertThat(redis.heard()).doesNotContain("WAIT");
    }
}
