package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.accepted;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Entries of any size, in any number. */
class HostileInputTest extends HostileInput {

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
        long other = micros(() -> rig.store().info(queue.address())); // reads one of them

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

        assertThat(rig.store().findDead(queue.address(), "id-19")).isNotNull();
        assertThat(rig.store().findDead(queue.address(), "id-20")).isNull();
    }

    @Test
    void lettersAreListedByBytes() {
        for (int i = 0; i < 10; i++) {
            add("dead", "hark", "1 id-" + i + " 1 0 0", "body", MEGABYTE, "reason", "r");
        }
        List<Object> page =
                Link.list(rig.run(Script.LIST_DEAD, List.of(key("dead"), key("stats")), List.of("-", "+", 1_000)));

        assertThat(Link.list(page.get(0))).hasSize(1);
        assertThat(rig.store().dead(queue.address(), null, 1_000)).hasSize(10);
        assertThat(rig.store().dead(queue.address(), null, 3)).hasSize(3);
    }

    @Test
    void lettersAreRevivedByBytes() {
        List<String> positions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            positions.add(add("dead", "hark", "1 id-" + i + " 1 0 0", "body", MEGABYTE, "reason", "r"));
        }
        List<String> keys = List.of(key("dead"), key("ready"), key("stats"));

        assertThat(rig.run(Script.REVIVE, keys, positions)).isEqualTo(List.of(1L, 1L));
        assertThat(rig.store().revive(queue.address(), positions))
                .as("the others")
                .isEqualTo(9);
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
                            .takeOver(queue.address(), "lost", TakeoverMode.CLOSED)
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

        accepted(rig.store().publish(new Batch(queue.address(), "p", 1, "n", List.of(message("x")), one)));

        assertThat(queue.info().dropped()).isEqualTo(4);
        for (int i = 2; i < 8; i++) {
            accepted(rig.store().publish(new Batch(queue.address(), "p", i, "n", List.of(message("x")), one)));
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
                    rig.store().examine(queue.address());
                    rig.store().writeOff(queue.address());
                    rig.store().settings(queue.address());
                    rig.store().configure(queue.address(), QueueSettings.NONE.maxLength(5), Owner.OPERATOR);
                }))
                .isZero();
        assertThat(rig.store().settings(queue.address()).maxLength()).isEqualTo(5);
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

        try (ClaimSource claims = rig.store().claims(List.of(other.address(), queue.address()))) {
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
                rig.store().dead(queue.address(), null, 1).get(0).envelope().body(), StandardCharsets.UTF_8);
        assertThat(body).contains("\"a\":[\"1\",\"3\",\"4\"]", "\"b\":\"2\"");
    }

    // ---- the rest

    @Test
    void openingLooksAtNoEntry() {
        add("ready", manyFields(20_000));

        long reads = calls("xrange", () -> rig.store().open(queue.address(), "s", LEASE));

        assertThat(reads).isZero();
        assertThat(queue.claim("s", 1)).hasSize(1);
    }
}
