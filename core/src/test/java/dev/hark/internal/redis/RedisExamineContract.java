package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.entries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hark.admin.Role;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Holders;
import dev.hark.internal.engine.QueueFacts.Reach;
import dev.hark.internal.engine.QueueFacts.Sum;
import dev.hark.internal.engine.QueueFacts.WrongKey;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Protocol.Command;

/** What other hands have done to a queue, as far as it shows, and how its sum is set right again. */
interface RedisExamineContract extends RedisContract {

    private QueueFacts facts(QueueDriver queue) {
        return store().examine(queue.address());
    }

    private Sum sum(QueueDriver queue) {
        return facts(queue).sum();
    }

    private void writesOff(QueueDriver queue, long missing) {
        assertThat(sum(queue)).isEqualTo(new Sum(missing, Reach.ALL));
        assertThat(store().writeOff(queue.address())).isEqualTo(missing);
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
        assertThat(store().writeOff(queue.address())).as("sent again").isZero();
    }

    /** As listeners of an earlier release leave it: they do not say how large an entry is. */
    @Test
    default void whatIsSettledAndKeptIsWeighed() {
        QueueDriver queue = queue().open("slow", "s");
        queue.publish("slow");
        Claimed slow = queue.claimOne("slow");
        for (int i = 0; i < 20; i++) {
            queue.publish("x".repeat(100_000));
        }
        List<Claimed> claimed = queue.claim("s", 20);
        queue.settle(
                "s",
                claimed.stream()
                        .<Settlement>map(one -> new Settlement.Done(one.entry(), false))
                        .toList());
        queue.age(Duration.ofMinutes(3));

        QueueFacts.Settled settled = facts(queue).settled();

        assertThat(settled.entries()).isEqualTo(20);
        assertThat(settled.bytes()).isBetween(1_500_000L, 4_000_000L);
        assertThat(settled.holder()).isEqualTo("slow");
        assertThat(settled.since()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(5));
        queue.done("slow", List.of(slow));
        queue.sweep("s");
        assertThat(facts(queue).settled()).isEqualTo(QueueFacts.Settled.NONE);
    }

    @Test
    default void itsServerIsOneOfThoseThatAreTold() {
        assertThat(store().examine())
                .extracting(ServerFacts::server)
                .contains(facts(queue()).server());
    }

    @ParameterizedTest
    @CsvSource({
        "ready,stream",
        "later,zset",
        "held,hash",
        "dead,stream",
        "sessions,zset",
        "settled,hash",
        "stats,hash",
        "config,hash"
    })
    default void aKeyOfTheWrongTypeIsTold(String part, String wanted) {
        QueueDriver queue = unguarded("wrong");
        queue.open("s").publish("a", "b");
        queue.claim("s", 1);
        String key = keys().ready(queue.address()).replaceFirst("ready$", part);
        rig().call(Command.DEL, key);
        rig().call(Command.SET, key, "not Hark's");

        QueueFacts facts = facts(queue);

        assertThat(facts.wrongKeys()).containsExactly(new WrongKey(key, "string", wanted));
        assertThat(facts.sum()).isNull();
        assertThat(facts.groupLost()).isFalse();
        assertThat(facts.nobodys()).isEqualTo(Holders.NONE);
    }

    @Test
    default void keysThatAreAllOfTheWrongTypeAreTold() {
        QueueDriver queue = unguarded("wrong");
        for (String part :
                List.of("ready", "later", "held", "dead", "sessions", "settled", "stats", "config", "sender:x")) {
            rig().call(Command.RPUSH, keys().ready(queue.address()).replaceFirst("ready$", part), "not Hark's");
        }

        assertThat(facts(queue).wrongKeys())
                .hasSize(8)
                .extracting(WrongKey::holds)
                .containsOnly("list");
    }

    @ParameterizedTest
    @CsvSource({"ready", "dead"})
    default void aStreamThatTakesNoMoreIsTold(String part) {
        QueueDriver queue = unguarded("full");
        String key = keys().ready(queue.address()).replaceFirst("ready$", part);
        rig().call(Command.XADD, key, "18446744073709551615-18446744073709551615", "hark", "1", "body", "the last one");

        assertThat(facts(queue).fullKeys()).containsExactly(key);
    }

    @Test
    default void aGroupThatIsLostIsTold() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(10, Publication.NOW);
        queue.done("s", queue.claim("s", 3));
        assertThat(facts(queue).groupLost()).isFalse();

        rig().call(Command.XGROUP, "DESTROY", keys().ready(queue.address()), "hark");

        assertThat(facts(queue).groupLost()).isTrue();
        assertThat(facts(queue).sum()).isNull();
        assertThat(store().writeOff(queue.address())).isZero();
        store().open(queue.address(), "t", LEASE);
        assertThat(facts(queue).groupLost()).isFalse();
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
    }

    @Test
    default void countersThatAreNoneAreTold() {
        QueueDriver queue = unguarded("counters");
        queue.publish("x");
        rig().call(Command.HSET, keys().stats(queue.address()), "done", "many", "floor", "junk", "mine", "too");

        assertThat(facts(queue).unreadable()).containsExactly("done");
        assertThat(facts(queue).sum()).isNull();
    }

    @Test
    default void strangeScoresAndIdsAreEndured() {
        QueueDriver queue = unguarded("strange");
        queue.publish("x");
        rig().call(Command.ZADD, keys().sessions(queue.address()), "inf", "for ever", "-inf", "never");
        rig().call(Command.ZADD, keys().later(queue.address()), "-inf", "never");
        rig().call(
                        Command.XADD,
                        keys().ready(queue.address()),
                        "99999999999999-0",
                        "hark",
                        "1",
                        "body",
                        "of the future");

        QueueFacts facts = facts(queue);

        assertThat(facts.listeners()).isEqualTo(1);
        assertThat(facts.lapsed()).isEqualTo(new Holders(1, 0, List.of("never")));
        assertThat(facts.overdue()).isGreaterThan(Duration.ofDays(1_000));
        assertThat(facts.later() - facts.held()).isEqualTo(1);
    }

    @Test
    default void noMoreThanAHundredAreNamed() {
        QueueDriver queue = unguarded("many");
        for (int i = 0; i < 150; i++) {
            rig().call(Command.ZADD, keys().sessions(queue.address()), i, "s" + i);
        }

        Holders lapsed = facts(queue).lapsed();

        assertThat(lapsed.count()).isEqualTo(150);
        assertThat(lapsed.names()).hasSize(100).contains("s0");
    }

    // ---- the sum

    @Test
    default void messagesThatWereDeletedWhileTheyWaitedAreMissing() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("a", "b", "c", "d");
        queue.done("s", queue.claim("s", 1));
        rig().call(Command.XDEL, keys().ready(queue.address()), ids.get(2), ids.get(3));

        writesOff(queue, 2);

        assertThat(queue.info().deleted()).isEqualTo(2);
        assertThat(queue.done("s", queue.claimAll("s")).refused()).isZero();
    }

    @Test
    default void aLossDoesNotHideBehindEntriesOfOtherPrograms() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("a", "b", "c", "d");
        queue.addForeign(Map.of("body", "one"));
        rig().call(Command.XDEL, keys().ready(queue.address()), ids.get(2), ids.get(3));
        assertThat(queue.info().waiting()).isEqualTo(3);

        writesOff(queue, 2);

        queue.done("s", queue.claimAll("s"));
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
    }

    @Test
    default void whatAConsumerHeldThatWasDeletedIsMissing() {
        QueueDriver queue = queue().open("s", "victim");
        queue.publish("a", "b", "c");
        queue.claim("victim", 2);
        queue.done("s", queue.claim("s", 1));
        rig().call(Command.XGROUP, "DELCONSUMER", keys().ready(queue.address()), "hark", "victim");

        writesOff(queue, 2);

        queue.sweep("s");
        assertThat(length(queue)).as("trimmed as if settled").isZero();
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
    }

    @Test
    default void settledEntriesThatWereDeletedAreMissedByNobody() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("a", "b", "c", "d");
        List<Claimed> claimed = queue.claim("s", 3);
        queue.done("s", claimed.subList(1, 3));
        rig().call(Command.XDEL, keys().ready(queue.address()), ids.get(1));

        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
        assertThat(store().writeOff(queue.address())).isZero();

        queue.done("s", claimed.subList(0, 1));
        queue.done("s", queue.claimAll("s"));
        queue.sweep("s");
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
    }

    @Test
    default void entriesThatWereDeletedInWorkCountByThemselves() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b", "c");
        List<Claimed> claimed = queue.claim("s", 2);
        entries(claimed).forEach(entry -> rig().call(Command.XDEL, keys().ready(queue.address()), entry));

        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
        assertThat(store().writeOff(queue.address())).isZero();

        queue.settle("s", new Settlement.Again(claimed.get(0).entry(), 0, "failed"));
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
        queue.done("s", claimed.subList(1, 2));
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
        queue.done("s", queue.claimAll("s"));
        queue.sweep("s");
    }

    @Test
    default void whoPretendsToBeHarkMakesASurplusThatNobodyWritesOff() {
        QueueDriver queue = queue();
        queue.publish("a");
        queue.strangers(2);
        for (int i = 0; i < 2; i++) {
            rig().call(Command.XADD, keys().ready(queue.address()), "*", "hark", "1", "body", "x");
        }

        assertThat(sum(queue)).isEqualTo(new Sum(-2, Reach.ALL));
        assertThat(store().writeOff(queue.address())).isZero();
    }

    @Test
    default void whatIsTooMuchToReadIsNotJudged() {
        QueueDriver queue = unguarded("large");
        queue.open("s");
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 17; i++) {
            queue.addForeign(Map.of("body", large));
        }
        assertThat(sum(queue).reach())
                .as("a surplus that was not looked through")
                .isEqualTo(Reach.HANDED_OUT);

        List<String> ids = queue.publish("a", "b");
        rig().call(Command.XDEL, keys().ready(queue.address()), ids.get(0));
        queue.claim("s", 17);

        assertThat(sum(queue).reach()).as("not even what was handed out").isEqualTo(Reach.LITTLE);
        assertThat(store().writeOff(queue.address())).isZero();
    }

    @Test
    default void aLossIsSeenBeforeMoreThanCanBeRead() {
        QueueDriver queue = unguarded("large");
        String large = "x".repeat(1 << 20);
        List<String> ids = queue.publish("a", "b", "c");
        for (int i = 0; i < 17; i++) {
            queue.publish(large);
        }
        rig().call(Command.XDEL, keys().ready(queue.address()), ids.get(0), ids.get(1));

        assertThat(sum(queue)).isEqualTo(new Sum(2, Reach.HANDED_OUT));
        assertThat(store().writeOff(queue.address())).isEqualTo(2);
        assertThat(sum(queue)).isEqualTo(Sum.EVEN);
    }

    @Test
    default void whatIsHeldAndIllegibleIsEndured() {
        QueueDriver queue = unguarded("illegible");
        rig().call(Command.ZADD, keys().later(queue.address()), "99999999999999", "mine", "99999999999999", "gone");
        rig().call(Command.HSET, keys().held(queue.address()), "mine", "not packed");

        assertThat(sum(queue)).isEqualTo(new Sum(-2, Reach.ALL));
    }

    @Test
    default void itIsMendedWhenThereIsNoMemory() {
        QueueDriver queue = queue().open("lost");
        List<String> ids = queue.publish("a", "b", "c");
        queue.claim("lost", 1);
        rig().call(Command.XDEL, keys().ready(queue.address()), ids.get(2));
        queue.age(LEASE.plusSeconds(1));

        rig().withoutMemory(() -> {
            writesOff(queue, 1);
            assertThat(queue.takeOver("lost", TakeoverMode.LAPSED)).isEqualTo(1);
        });

        assertThat(queue.info().deleted()).isEqualTo(1);
    }

    @Test
    default void whoMayOnlyReadCannotWriteOff() {
        QueueDriver queue = unguarded("read");
        List<String> ids = queue.publish("a");
        rig().call(Command.XDEL, keys().ready(queue.address()), ids.get(0));
        try (RedisStore reader = rig().storeOf(Role.READER)) {
            StoreException refused = catchThrowableOfType(StoreException.class, () -> reader.writeOff(queue.address()));

            assertThat(refused).hasMessageContainingAll("write_off.lua", "'hark acl admin'");
        }
        assertThat(sum(queue)).isEqualTo(new Sum(1, Reach.ALL));
    }
}
