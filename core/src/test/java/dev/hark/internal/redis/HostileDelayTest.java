package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.ListenStore.Promotion;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.scripts.Script;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/** What is kept until it is due, and when that is. */
class HostileDelayTest extends HostileInput {

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
        Buried dead = rig.store().dead(queue.address(), null, 10).get(0);
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

    @ParameterizedTest
    @ValueSource(strings = {"two", "1e3 refuse", "-1 refuse", "2 frobnicate", "2", "2 DROP"})
    void aLimitThatIsNoneIsRefusedAndNothingIsWritten(String limit) {
        List<String> keys = List.of(key("ready"), key("stats"), key("sender:x"), key("later"), key("held"));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(
                        () -> rig.run(Script.PUBLISH, keys, List.of(1, "nonce", 60_000, "wake", limit, "body", "x")))
                .withMessageContaining("'MOST refuse'");

        assertThat(rig.call(Command.EXISTS, keys.toArray())).isEqualTo(0L);
    }

    @Test
    void whatIsDueLaterWithoutTheKeysForItIsRefusedAndNothingIsWritten() {
        List<String> keys = List.of(key("ready"), key("stats"), key("sender:x"));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> rig.run(
                        Script.PUBLISH,
                        keys,
                        List.of(1, "nonce", 60_000, "wake", "", "due body", "", "now", "+60000", "later")))
                .withMessageContaining("later and held");

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

    @ParameterizedTest
    @ValueSource(strings = {"inf", "1e300"})
    void aTimeThatNeverComesIsAWait(String score) {
        rig.call(Command.ZADD, key("later"), score, "never");

        assertThat(QueueDriver.millis(queue.promote().nextDue()))
                .isGreaterThan(Duration.ofDays(1_000).toMillis());
    }
}
