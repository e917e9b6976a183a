package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.accepted;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hark.Overflow;
import dev.hark.QueueInfo;
import dev.hark.QueueSettings;
import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Promotion;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/**
 * What others put into a queue cannot make a script work without bound, nor end it half-way. Work is counted: commands that
 * the script calls, and entries that move; where only time tells, against a plain command over the same bytes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputTest {

    private static final String MEGABYTE = "x".repeat(1 << 20);
    private static final String MOST = "9223372036854775807";
    private static final Pattern SCRIPT_TIME = Pattern.compile("cmdstat_evalsha:calls=\\d+,usec=(\\d+)");

    private RedisRig rig;
    private QueueDriver queue;
    private int queues;

    @BeforeAll
    void start() {
        rig = new RedisRig(ServerOptions.defaults().binary(Binary.bundled()));
        for (Script script : Script.values()) {
            rig.call(Command.SCRIPT, "LOAD", script.source());
        }
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @BeforeEach
    void fresh() {
        queue = new QueueDriver(rig, "hostile" + ++queues);
    }

    private String key(String part) {
        return rig.keys().ready(queue.name()).replaceFirst("ready$", part);
    }

    private String add(String part, String... fields) {
        List<Object> args = new ArrayList<>(List.of(key(part), "*"));
        args.addAll(List.of(fields));
        return Link.text(rig.call(Command.XADD, args.toArray()));
    }

    private static String[] manyFields(int count) {
        return IntStream.range(0, count)
                .boxed()
                .flatMap(i -> Stream.of("f" + i, "v" + i))
                .toArray(String[]::new);
    }

    /** How often scripts call a command while something is done. */
    private long calls(String command, Runnable work) {
        rig.call(Command.CONFIG, "RESETSTAT");
        work.run();
        Matcher calls = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
                .matcher(Link.text(rig.call(Command.INFO, "commandstats")));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** How long scripts keep Redis while something is done, in microseconds. */
    private long micros(Runnable work) {
        rig.call(Command.CONFIG, "RESETSTAT");
        work.run();
        Matcher time = SCRIPT_TIME.matcher(Link.text(rig.call(Command.INFO, "commandstats")));
        assertThat(time.find()).as("a script was called").isTrue();
        return Long.parseLong(time.group(1));
    }

    // ---- the ledger

    /** A copy for each line would be 20 GB, and take a minute: no machine is so slow, or so fast. */
    @Test
    void aLedgerIsCutAtOnceHoweverManyLinesItHas() {
        queue.open("s");
        add("ready", "hark", "1 x 1 0 0\n\n" + "\n".repeat(200_000), "body", "b");
        Claimed held = queue.claimOne("s");

        long took = micros(() -> queue.settle("s", new Settlement.Again(held.entry(), 0, "failed")));

        assertThat(took).isLessThan(5_000_000);
        assertThat(QueueDriver.envelope(queue.claimOne("s")).log())
                .hasSizeBetween(8_000, 8_192)
                .matches("(?s)\\n+\\d+ 1 s failed");
    }

    @Test
    void aLedgerWithoutLinesIsCutToo() {
        queue.open("s");
        add("ready", "hark", "1 x 1 0 0\n\n" + MEGABYTE, "body", "b");

        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 0, "failed"));

        assertThat(QueueDriver.envelope(queue.claimOne("s")).log()).matches("\\d+ 1 s failed");
    }

    // ---- ids that are taken

    @Test
    void idsThatAreTakenAreTriedTwiceAtMost() {
        queue.open("s");
        queue.strangers(200);
        for (int i = 0; i < 200; i++) {
            add("ready", "hark", "1 twin 1700000000000 0 0", "body", "b" + i);
        }

        long tries = calls(
                "hsetnx",
                () -> queue.claim("s", 200)
                        .forEach(held -> queue.settle("s", new Settlement.Again(held.entry(), 60_000))));

        assertThat(tries).isEqualTo(399);
        assertThat(queue.info().later()).isEqualTo(200);
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        assertThat(QueueDriver.bodies(queue.claim("s", 200)))
                .doesNotHaveDuplicates()
                .hasSize(200);
    }

    @Test
    void oneThatHasNoNameLeftComesEarlyAndIsNotLost() {
        queue.open("s").publish("x");
        Claimed held = queue.claimOne("s");
        rig.call(Command.HSET, key("held"), held.entry(), "forged", held.entry() + "~s-" + held.entry(), "forged");

        queue.settle("s", new Settlement.Again(held.entry(), 60_000));

        assertThat(QueueDriver.bodies(queue.claim("s", 2))).containsExactly("x");
        queue.assertConserved();
    }

    // ---- entries of any size

    /** Each of them shows the first and the last entry whole, or reads more than one. */
    @Test
    void noScriptAsksWhatAStreamHolds() {
        for (Script script : Script.values()) {
            assertThat(script.commands()).as(script.name()).doesNotContain("XINFO|STREAM");
        }
    }

    @Test
    void aRetryLooksAtNoOtherEntry() {
        queue.open("s").publish("x");
        Claimed held = queue.claimOne("s");
        for (int i = 0; i < 10; i++) {
            add("ready", manyFields(20_000));
        }
        long other = micros(() -> rig.store().info(queue.name())); // reads one of them

        long took = micros(() -> queue.settle("s", new Settlement.Again(held.entry(), 0, "failed")));

        assertThat(took).isLessThan(other / 2);
    }

    @Test
    void lettersAreLookedThroughByBytes() {
        for (int i = 0; i < 20; i++) {
            add("dead", "hark", "1 id-" + i + " 1 0 0", "body", MEGABYTE, "reason", "r");
        }

        Reply first = new Reply(
                Script.FIND_DEAD,
                rig.run(Script.FIND_DEAD, List.of(key("dead"), key("stats")), List.of("id-19", "", 1_000)));
        assertThat(first.is("found")).isFalse();
        assertThat(calls(
                        "xrange",
                        () -> rig.run(
                                Script.FIND_DEAD, List.of(key("dead"), key("stats")), List.of("id-19", "", 1_000))))
                .isLessThanOrEqualTo(4);

        assertThat(rig.store().findDead(queue.name(), "id-19")).isNotNull();
        assertThat(rig.store().findDead(queue.name(), "id-20")).isNull();
    }

    @Test
    void lettersAreListedByBytes() {
        for (int i = 0; i < 10; i++) {
            add("dead", "hark", "1 id-" + i + " 1 0 0", "body", MEGABYTE, "reason", "r");
        }
        List<Object> page =
                Link.list(rig.run(Script.LIST_DEAD, List.of(key("dead"), key("stats")), List.of("-", "+", 1_000)));

        assertThat(Link.list(page.get(0))).hasSize(1);
        assertThat(rig.store().dead(queue.name(), null, 1_000)).hasSize(10);
        assertThat(rig.store().dead(queue.name(), null, 3)).hasSize(3);
    }

    @Test
    void lettersAreRevivedByBytes() {
        List<String> positions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            positions.add(add("dead", "hark", "1 id-" + i + " 1 0 0", "body", MEGABYTE, "reason", "r"));
        }
        List<String> keys = List.of(key("dead"), key("ready"), key("stats"));

        assertThat(rig.run(Script.REVIVE, keys, positions)).isEqualTo(List.of(1L, 1L));
        assertThat(rig.store().revive(queue.name(), positions)).as("the others").isEqualTo(9);
    }

    @Test
    void messagesAreTakenOverByBytesAndFields() {
        queue.open("lost", "s");
        for (int i = 0; i < 10; i++) {
            add("ready", manyFields(20_000));
            add("ready", "body", MEGABYTE);
        }
        queue.claim("lost", 20);

        for (int i = 0; i < 10; i++) {
            assertThat(rig.store()
                            .takeOver(queue.name(), "lost", TakeoverMode.CLOSED)
                            .moved())
                    .isEqualTo(1);
        }
        assertThat(queue.takeOver("lost", TakeoverMode.CLOSED)).isEqualTo(10);
    }

    @Test
    void theOldestAreDroppedByBytes() {
        for (int i = 0; i < 20; i++) {
            add("ready", "body", MEGABYTE);
        }
        QueueSettings one = QueueSettings.NONE.maxLength(1).overflow(Overflow.DROP_OLDEST);

        accepted(rig.store().publish(new Batch(queue.name(), "p", 1, "n", List.of(message("x")), one)));

        assertThat(queue.info().dropped()).isEqualTo(4);
        for (int i = 2; i < 8; i++) {
            accepted(rig.store().publish(new Batch(queue.name(), "p", i, "n", List.of(message("x")), one)));
        }
        assertThat(queue.info().waiting()).isEqualTo(1);
        queue.assertConserved();
    }

    @Test
    void weighingReadsNoMoreThanItMay() {
        queue.open("s");
        for (int i = 0; i < 20; i++) {
            add("ready", manyFields(5_000));
        }
        queue.claim("s", 20);

        assertThat(calls(
                        "xrange",
                        () -> rig.run(
                                Script.WEIGH,
                                List.of(key("ready"), key("later"), key("held"), key("dead"), key("stats")),
                                List.of())))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void figuresAndSettingsAreReadByName() {
        List<Object> many = new ArrayList<>(List.of(key("stats")));
        many.addAll(List.of(manyFields(50_000)));
        rig.call(Command.HSET, many.toArray());
        many.set(0, key("config"));
        rig.call(Command.HSET, many.toArray());
        queue.open("s").publish("x");

        assertThat(calls("hgetall", () -> {
                    assertThat(queue.info().waiting()).isEqualTo(1);
                    rig.store().examine(queue.name());
                    rig.store().writeOff(queue.name());
                    rig.store().settings(queue.name());
                    rig.store().configure(queue.name(), QueueSettings.NONE.maxLength(5), Owner.OPERATOR);
                }))
                .isZero();
        assertThat(rig.store().settings(queue.name()).maxLength()).isEqualTo(5);
    }

    // ---- what is kept until it is due

    static List<byte[]> forgeries() {
        byte[] manyFields = new byte[5 + 100_000];
        java.util.Arrays.fill(manyFields, (byte) 0xa0);
        System.arraycopy(new byte[] {(byte) 0xdd, 0, 1, (byte) 0x86, (byte) 0xa0}, 0, manyFields, 0, 5);
        byte[] deep = new byte[100_000];
        java.util.Arrays.fill(deep, (byte) 0x91);
        return List.of(
                "junk".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                new byte[0],
                new byte[] {(byte) 0x90}, // an empty list
                new byte[] {(byte) 0x91, (byte) 0xa1, 'x'}, // a name without a value
                new byte[] {(byte) 0x92, (byte) 0xa1, 'x', 7}, // a number
                new byte[] {(byte) 0x92, (byte) 0xa1, 'x', (byte) 0xc0}, // nil
                new byte[] {(byte) 0x92, (byte) 0xa1, 'x', (byte) 0xdb, 127, 127, 127, 127}, // a text without an end
                new byte[] {(byte) 0x92, (byte) 0xa1, 'x', (byte) 0xa1, 'y', 'z'}, // and more after it
                new byte[] {(byte) 0xdc},
                new byte[] {(byte) 0xdd, 127, 127, 127, 127},
                manyFields,
                deep);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void whatCannotBeReadIsSetAsideAtOnceAndTheOthersGoOn(byte[] forged) {
        queue.open("s");
        queue.publishAfter(Duration.ofSeconds(30), "before");
        queue.publishAfter(Duration.ofMinutes(1), "after");
        rig.call(Command.HSET, key("held"), "forged\n", forged);
        rig.call(Command.ZADD, key("later"), rig.nowMillis() + 45_000, "forged\n");
        queue.strangers(1);
        queue.assertConserved();
        queue.strangers(-1);
        queue.age(Duration.ofMinutes(2));

        Promotion promotion = queue.promote();

        assertThat(promotion).isEqualTo(new Promotion(3, NextDue.NONE));
        Buried dead = rig.store().dead(queue.name(), null, 10).get(0);
        assertThat(dead.envelope().body()).isEqualTo(forged);
        assertThat(dead.reason()).contains("cannot be read").contains("'forged?'");
        assertThat(QueueDriver.bodies(queue.claim("s", 5))).containsExactly("before", "after");
        queue.assertConserved();
    }

    @Test
    void whatCannotBeReadIsSetAsideWithoutMemoryToo() {
        rig.call(Command.HSET, key("held"), "forged", "junk");
        rig.call(Command.ZADD, key("later"), 1, "forged");

        rig.withoutMemory(() -> assertThat(queue.promote().moved()).isEqualTo(1));

        assertThat(queue.info().dead()).isEqualTo(1);
    }

    @Test
    void namesOfAnySizeAreReadOneAtATime() {
        for (int i = 0; i < 5; i++) {
            rig.call(Command.ZADD, key("later"), 1, i + MEGABYTE);
        }

        assertThat(queue.promote()).isEqualTo(new Promotion(1, new NextDue.In(0)));
    }

    /** Else each look at what is due next would copy it, for as long as it is not due. */
    @Test
    void aNameThatNobodyGivesIsMovedAtOnceHoweverLateItIsDue() {
        rig.call(Command.ZADD, key("later"), 9e12, MEGABYTE);
        queue.open("s");
        assertThat(queue.sweep("s").nextDue()).isEqualTo(new NextDue.In(0));

        assertThat(queue.promote()).isEqualTo(new Promotion(1, NextDue.NONE));
        assertThat(rig.call(Command.ZCARD, key("later"))).isEqualTo(0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1795847000000000000", "+3155760000001", "soon", "+", "-", "1e3", "+-5"})
    void aDueTimeThatIsNoneIsRefusedAndNothingIsWritten(String due) {
        List<String> keys = List.of(key("ready"), key("stats"), key("sender:x"), key("later"), key("held"));
        List<Object> args = List.of(1, "nonce", 60_000, "wake", "", "due body", "", "at once", due, "later");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> rig.run(Script.PUBLISH, keys, args))
                .withMessageContaining("'" + due + "'")
                .withMessageContaining("100 years");

        assertThat(rig.call(Command.EXISTS, keys.toArray())).isEqualTo(0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"body colour", "due", "", "meta  ", "Body"})
    void columnsThatAreNoneAreRefusedAndNothingIsWritten(String columns) {
        List<String> keys = List.of(key("ready"), key("stats"), key("sender:x"));
        List<Object> args = List.of(1, "nonce", 60_000, "wake", "", columns, "", "");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> rig.run(Script.PUBLISH, keys, args))
                .withMessageContaining("column");

        assertThat(rig.call(Command.EXISTS, keys.toArray())).isEqualTo(0L);
    }

    @Test
    void aValueThatIsMissingIsRefusedAndNothingIsWritten() {
        List<String> keys = List.of(key("ready"), key("stats"), key("sender:x"));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> rig.run(
                        Script.PUBLISH, keys, List.of(1, "nonce", 60_000, "wake", "", "meta body", "", "x", "{}")))
                .withMessageContaining("a value of each column");

        assertThat(rig.call(Command.EXISTS, keys.toArray())).isEqualTo(0L);
    }

    // ---- claiming

    /** Small ones before large ones: nobody can know how large the next ones are. */
    @Test
    void noClaimOfSeveralQueuesBringsMuchMoreThanItsShareOfBytes() {
        QueueDriver other = new QueueDriver(rig, queue.name() + "-other").open("s");
        queue.open("s");
        queue.publish(IntStream.range(0, 100).mapToObj(i -> "small").toArray(String[]::new));
        for (int i = 0; i < 40; i++) {
            queue.publish(MEGABYTE);
        }

        try (ClaimSource claims = rig.store().claims(List.of(other.name(), queue.name()))) {
            List<Integer> sizes = Stream.generate(
                            () -> claims.claim("s", 1_000, Duration.ZERO).size())
                    .limit(60)
                    .takeWhile(size -> size > 0)
                    .toList();

            assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(140);
            assertThat(sizes.get(0)).isBetween(101, 108);
            assertThat(sizes.subList(1, sizes.size())).allMatch(size -> size <= 2);
        }
    }

    // ---- fields

    @Test
    void ofANameThatComesAgainAllValuesAreKept() {
        queue.open("s");
        add("ready", "a", "1", "b", "2", "a", "3", "a", "4");
        Claimed held = queue.claimOne("s");

        queue.settle("s", new Settlement.Bury(held.entry(), "no message", false));

        String body = new String(
                rig.store().dead(queue.name(), null, 1).get(0).envelope().body(), StandardCharsets.UTF_8);
        assertThat(body).contains("\"a\":[\"1\",\"3\",\"4\"]", "\"b\":\"2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "1e300"})
    void aTimeThatNeverComesIsAWait(String score) {
        rig.call(Command.ZADD, key("later"), score, "never");

        assertThat(QueueDriver.millis(queue.promote().nextDue()))
                .isGreaterThan(Duration.ofDays(1_000).toMillis());
    }

    // ---- counters

    @ParameterizedTest
    @ValueSource(
            strings = {
                "published",
                "done",
                "retried",
                "recovered",
                "refused",
                "deleted",
                "dropped",
                "copies",
                "delayed",
                "listed",
                "floor"
            })
    void noCounterStopsAScriptHalfWay(String counter) {
        for (String forged : List.of(MOST, "-" + MOST, "many", "nan", "1e9", "")) {
            fresh();
            queue.open("s", "lost");
            queue.publish("a", "b", "c", "d", "e", "f", "g");
            rig.call(Command.HSET, key("stats"), counter, forged);

            everything();

            assertThat(QueueDriver.bodies(queue.claimAll("s")))
                    .as("%s %s", counter, forged)
                    .containsExactlyInAnyOrder("b", "c", "g", "x", "y", "z");
        }
    }

    /** Each transition once, so that "a" is done, "d", "e" and "f" are gone, and all others wait. */
    private void everything() {
        List<Claimed> held = queue.claim("s", 6);
        queue.done("s", held.subList(0, 1));
        queue.done("s", held.subList(0, 1));
        queue.settle("s", new Settlement.Again(held.get(1).entry(), 0, "failed"));
        queue.settle("s", new Settlement.Again(held.get(2).entry(), 1_000, "failed"));
        queue.settle("s", new Settlement.Bury(held.get(3).entry(), "boom", true));
        String position = rig.store().dead(queue.name(), null, 1).get(0).position();
        rig.store().discard(queue.name(), List.of(position));
        for (Claimed deleted : held.subList(4, 6)) {
            rig.call(Command.XDEL, key("ready"), deleted.entry());
        }
        queue.settle("s", new Settlement.Again(held.get(4).entry()));
        queue.takeOver("s", TakeoverMode.CLOSED);
        queue.open("s");
        accepted(queue.publish(2, List.of(message("x"), message(new Publication.Due.After(1_000), "y"))));
        QueueSettings limit = QueueSettings.NONE.maxLength(1_000).overflow(Overflow.DROP_OLDEST);
        accepted(rig.store().publish(new Batch(queue.name(), "limited", 1, "n", List.of(message("z")), limit)));
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        queue.sweep("lost");
        queue.info();
        rig.store().examine(queue.name());
        rig.run(Script.WEIGH, List.of(key("ready"), key("later"), key("held"), key("dead"), key("stats")), List.of());
        queue.open("s");
    }

    @ParameterizedTest
    @ValueSource(strings = {MOST, "5", "many", "5-", "99999999999999999999-0", "1-99999999999999999999", "-1"})
    void aFloorThatIsNoIdIsNone(String floor) {
        queue.publish("a");
        rig.call(Command.HSET, key("stats"), "floor", floor, "listed", MOST);

        queue.open("s");

        assertThat(QueueDriver.bodies(queue.claim("s", 2))).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {MOST, "-" + MOST})
    void aForgedCounterMakesNoRoomAndDropsNothing(String listed) {
        queue.publish("a", "b");
        rig.call(Command.HSET, key("stats"), "listed", listed);
        QueueSettings two = QueueSettings.NONE.maxLength(3).overflow(Overflow.DROP_OLDEST);

        accepted(rig.store().publish(new Batch(queue.name(), "p", 1, "n", List.of(message("c")), two)));

        assertThat(rig.number(Command.XLEN, key("ready"))).isEqualTo(3);
    }

    @Test
    void aQueueThatIsIdleForgetsAForgedCounter() {
        queue.open("s").publish("a");
        queue.done("s", queue.claimAll("s"));
        rig.call(Command.HINCRBY, key("stats"), "listed", -1_000);

        queue.sweep("s");

        assertThat(queue.info()).extracting(QueueInfo::waiting, QueueInfo::done).containsExactly(0L, 1L);
    }

    @Test
    void aTypeErrorIsStillOne() {
        rig.call(Command.RPUSH, key("stats"), "not Hark's");

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> queue.publish("x"));
        assertThat(rig.number(Command.EXISTS, key("ready"))).isZero();
    }

    // ---- the rest

    @Test
    void openingLooksAtNoEntry() {
        add("ready", manyFields(20_000));

        long reads = calls("xrange", () -> rig.store().open(queue.name(), "s", LEASE));

        assertThat(reads).isZero();
        assertThat(queue.claim("s", 1)).hasSize(1);
    }
}
