package dev.hark.internal.redis.scripts;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.Monitor;
import dev.hark.internal.redis.Monitor.Seen;
import dev.hark.internal.redis.RedisRig;
import dev.hark.internal.redis.wire.Reply;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Protocol.Command;

/** Each script does with its keys and arguments what its head says, and is given what its head says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptHeadsTest {

    /** What a script wrote or read between its call and the next command. */
    private List<Seen> calls;

    @BeforeAll
    void watchEveryTransition() {
        try (RedisRig rig = new RedisRig(ServerOptions.defaults().binary(Binary.bundled()));
                Monitor monitor = new Monitor(rig.port())) {
            for (Script script : Script.values()) {
                rig.call(Command.SCRIPT, "LOAD", script.source());
            }
            everyTransition(rig);
            calls = monitor.seenUntilNow(rig);
        }
    }

    /** Runs each script, and each with what it takes only sometimes. */
    private static void everyTransition(RedisRig rig) {
        Store store = rig.store();
        QueueDriver queue = new QueueDriver(rig, "q");
        queue.open("s", "lost");
        try (ClaimSource source = store.claims(List.of(Address.of("q")))) {
            source.await(Duration.ofMillis(1));
            source.claim("s", 1, Duration.ZERO); // makes the group of those who wait
            source.await(Duration.ofMillis(1));
        }
        queue.publish("a", "b", "c", "large".repeat(300));
        queue.publishAfter(Duration.ofMinutes(1), "later");
        store.configure(Address.of("q"), QueueSettings.NONE.maxLength(1), Owner.OPERATOR);
        try (ClaimSource source = store.claims(List.of(Address.of("q"), Address.of("q")))) {
            List<Claimed> claimed = source.claim("s", 3, Duration.ZERO);
            queue.done("s", claimed.subList(0, 1));
            queue.settle("s", new Settlement.Again(claimed.get(1).entry(), 1_000, "failed"));
            queue.settle("s", new Settlement.Bury(claimed.get(2).entry(), "boom", true));
            assertThat(source.await(Duration.ofSeconds(30))).isTrue();
            source.passOn();
        }
        queue.claim("lost", 1);
        queue.takeOver("lost", TakeoverMode.LAPSED);
        queue.takeOver("lost", TakeoverMode.CLOSED);
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        store.sweep(Address.of("q"), "s", LEASE, "");
        queue.info();
        store.examine(Address.of("q"));
        store.dead(Address.of("q"), null, 10);
        store.findDead(Address.of("q"), "nobody");
        store.revive(Address.of("q"), List.of(queue.bury("s", "x", "boom")));
        store.discard(Address.of("q"), List.of(queue.bury("s", "x", "boom")));
        whatIsRare(rig);
    }

    /** Makes each script call the commands that it seldom needs. */
    private static void whatIsRare(RedisRig rig) {
        Store store = rig.store();
        Keys keys = rig.keys();
        QueueDriver rare = new QueueDriver(rig, "rare");
        store.publish(rare.batch(1, List.of(message("repeated"))));
        store.publish(rare.batch(1, List.of(message("repeated"))));
        store.publish(limited(Address.of("rare"), Overflow.DROP_OLDEST));
        QueueDriver later = new QueueDriver(rig, "later");
        later.publishAfter(Duration.ofMinutes(1), "dropped", "dropped as well");
        store.publish(limited(Address.of("later"), Overflow.DROP_OLDEST));

        QueueDriver held = new QueueDriver(rig, "held");
        held.open("s", "lost").publishAfter(Duration.ofMinutes(1), "deleted by somebody");
        held.publishMany(3, Publication.NOW);
        rig.call(Command.DEL, keys.held(Address.of("held")));
        rig.call(Command.ZADD, keys.later(Address.of("held")), 1, "forged");
        rig.call(Command.HSET, keys.held(Address.of("held")), "forged", "by somebody");
        held.age(Duration.ofMinutes(1));
        held.promote();
        rig.call(Command.ZREM, keys.sessions(Address.of("held")), "lost");
        List<Claimed> claimed = held.claim("s", 2);
        rig.run(
                Script.VERIFY,
                List.of(keys.ready(Address.of("held"))),
                List.of("s", claimed.get(0).entry()));
        rig.run( // with bounds that are reached at once
                Script.SETTLE,
                List.of(
                        keys.ready(Address.of("held")),
                        keys.stats(Address.of("held")),
                        keys.sessions(Address.of("held")),
                        keys.settled(Address.of("held"))),
                List.of("s", 1, 0, -1, 1, 0, 0, 0, claimed.get(1).entry()));
        store.sweep(Address.of("held"), "s", LEASE, "");
        rig.call(Command.XGROUP, "DESTROY", keys.ready(Address.of("held")), "hark");
        held.open("t");

        QueueDriver idle = new QueueDriver(rig, "idle");
        idle.open("s").publish("x");
        idle.settle("s", new Settlement.Again(idle.claimOne("s").entry()));
        idle.done("s", idle.claimAll("s"));
        store.sweep(Address.of("idle"), "s", LEASE, "");
        idle.turnClock(Duration.ofHours(1));
        idle.open("t");
        idle.turnClock(Duration.ofHours(1));
        idle.sweep("s");

        QueueDriver looked = new QueueDriver(rig, "looked");
        looked.open("s").publish("x", "deleted by somebody");
        looked.addForeign(Map.of("body", "not counted yet"));
        looked.claim("s", 1);
        looked.publishAfter(Duration.ofMinutes(1), "later");
        looked.age(Duration.ofMinutes(1));
        rig.call(Command.ZREM, keys.sessions(Address.of("looked")), "s");
        store.examine(Address.of("looked"));
        rig.call(Command.XTRIM, keys.ready(Address.of("looked")), "MAXLEN", 1);
        store.writeOff(Address.of("looked"));
        looked.publish("hidden"); // and one that nobody has counted
        rig.call(Command.XADD, keys.ready(Address.of("looked")), "*", "hark", "1", "body", "pretends");
        store.examine(Address.of("looked"));
        store.writeOff(Address.of("looked"));

        QueueDriver full = new QueueDriver(rig, "full");
        rig.call(
                Command.XADD,
                keys.ready(Address.of("full")),
                "18446744073709551615-18446744073709551614",
                "body",
                "nearly last");
        assertThatThrownBy(() -> full.publish("last", "one too many")).isInstanceOf(StoreException.class);
        for (String key : List.of(keys.stats(Address.of("wrong")), keys.sender(Address.of("wrong"), "sender"))) {
            rig.call(Command.RPUSH, key, "not Hark's");
            assertThatThrownBy(() -> new QueueDriver(rig, "wrong").publish("x")).isInstanceOf(StoreException.class);
        }
        withFiguresOfAnotherType(rig);
    }

    /** What each script then asks for, to say it. */
    private static void withFiguresOfAnotherType(RedisRig rig) {
        Store store = rig.store();
        Keys keys = rig.keys();
        List<String> weighed = List.of(
                keys.ready(Address.of("wrong")),
                keys.later(Address.of("wrong")),
                keys.held(Address.of("wrong")),
                keys.dead(Address.of("wrong")),
                keys.stats(Address.of("wrong")));
        List<ThrowingCallable> calls = List.of(
                () -> rig.run(Script.WEIGH, weighed, List.of()),
                () -> store.writeOff(Address.of("wrong")),
                () -> store.open(Address.of("wrong"), "s", LEASE),
                () -> store.promote(Address.of("wrong")),
                () -> store.info(Address.of("wrong")),
                () -> store.dead(Address.of("wrong"), null, 10),
                () -> store.findDead(Address.of("wrong"), "nobody"),
                () -> store.revive(Address.of("wrong"), List.of("1-1")),
                () -> store.discard(Address.of("wrong"), List.of("1-1")));
        calls.forEach(call -> assertThatThrownBy(call).isInstanceOf(StoreException.class));
        try (ClaimSource source = store.claims(List.of(Address.of("wrong"), Address.of("wrong")))) {
            assertThatThrownBy(() -> source.claim("s", 1, Duration.ZERO)).isInstanceOf(StoreException.class);
        }
    }

    private static Batch limited(Address queue, Overflow overflow) {
        QueueSettings one = QueueSettings.NONE.maxLength(1).overflow(overflow);
        return new Batch(queue, "limited", 1, "nonce", List.of(message("x")), one);
    }

    @ParameterizedTest
    @EnumSource
    void theHeadSaysWhatItDoesWithWhat(Script script) {
        ScriptHead head = ScriptHead.read(script);

        assertThat(head.does()).isNotEmpty();
        assertThat(head.keys()).isNotEmpty();
        assertThat(head.argv()).isNotEmpty();
        assertThat(head.returns()).isNotEmpty();
        assertThat(head.bound()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theCodeUsesAsManyKeysAndArgumentsAsTheHeadLists(Script script) {
        ScriptHead head = ScriptHead.read(script);
        String source = ScriptHead.source(script);

        if (!head.anyNumber()) {
            assertThat(highest("KEYS", source)).as("KEYS").isEqualTo(head.all().size());
        }
        assertThat(highest("ARGV", source)).as("ARGV").isEqualTo(head.fixedArguments());
    }

    private static int highest(String table, String source) {
        return Pattern.compile(table + "\\[(\\d+)]")
                .matcher(source)
                .results()
                .map(MatchResult::group)
                .mapToInt(found -> Integer.parseInt(found.replaceAll("\\D", "")))
                .max()
                .orElse(0);
    }

    /** Where a list is put together piece by piece, {@link Reply} counts when it comes. */
    @ParameterizedTest
    @EnumSource
    void theHeadNamesAsManyValuesAsTheCodeReturns(Script script) {
        List<Integer> returned = ScriptCode.returned(script);

        assertThat(returned)
                .isEqualTo(Collections.nCopies(returned.size(), script.returns().size()));
        assertThat(returned.isEmpty()).isEqualTo(script.returns().isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void theHeadNamesTheKeysThatAreGivenInTheirOrder(Script script) {
        ScriptHead head = ScriptHead.read(script);
        Set<Integer> counts = new HashSet<>();

        for (Seen call : callsOf(script)) {
            List<String> parts = call.keys().stream().map(Monitor::part).toList();
            counts.add(parts.size());
            if (head.anyNumber()) {
                int each = parts.size() / head.kinds().size();
                assertThat(parts)
                        .isEqualTo(head.kinds().stream()
                                .flatMap(kind -> Collections.nCopies(each, kind).stream())
                                .toList());
            } else {
                assertThat(parts).isIn(head.required(), head.all());
            }
        }

        if (!head.anyNumber()) {
            assertThat(counts)
                    .as("with and without what is given only sometimes")
                    .isEqualTo(Stream.of(head.required(), head.all())
                            .map(List::size)
                            .collect(Collectors.toSet()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyDeclaredKeysAreTouched(Script script) {
        for (Seen call : callsOf(script)) {
            assertThat(call.touched()).as(script + " with " + call.keys()).isNotEmpty();
            assertThat(call.keys()).as(script.name()).containsAll(call.touched());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHeadListsTheCommandsThatItCallsOnEachKey(Script script) {
        Set<String> called = callsOf(script).stream()
                .flatMap(call -> call.commands().stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(called)
                .containsExactlyInAnyOrderElementsOf(Grants.of(script, true).each());
    }

    /** Those as well that no test calls. */
    @ParameterizedTest
    @EnumSource
    void theHeadListsEveryCommandOfTheCode(Script script) {
        Set<String> listed = Grants.of(script, true).byPart().values().stream()
                .flatMap(Collection::stream)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(ScriptCode.commands(script)).containsExactlyInAnyOrderElementsOf(listed);
    }

    /** So a script names all that it needs, in an order that does. */
    @ParameterizedTest
    @EnumSource
    void allThatTheCodeUsesIsDefinedAboveIt(Script script) {
        assertThat(ScriptCode.undefined(script)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void eachFileOfTheLibThatTheHeadNamesIsUsed(Script script) {
        List<String> uses = ScriptHead.read(script).uses();
        for (int i = 0; i < uses.size(); i++) {
            String after = uses.subList(i + 1, uses.size()).stream()
                            .map(ScriptHead::lib)
                            .collect(Collectors.joining())
                    + ScriptHead.source(script);
            assertThat(ScriptCode.used(after)).as(uses.get(i)).containsAnyElementsOf(ScriptCode.given(uses.get(i)));
        }
    }

    @Test
    void someScriptUsesEachFunctionAndConstantOfTheLib() {
        Set<String> used = Stream.of(Script.values())
                .flatMap(script -> ScriptCode.used(script.source()).stream())
                .collect(Collectors.toSet());
        Stream.of(Script.values())
                .flatMap(script -> ScriptHead.read(script).uses().stream())
                .distinct()
                .forEach(lib -> assertThat(used).as(lib).containsAll(ScriptCode.given(lib)));
    }

    /** Workers say which are large when they are done, scripts see it of what moves. */
    @Test
    void bothSidesCallTheSameEntriesLarge() {
        assertThat(ScriptHead.lib("leave")).contains("local LARGE = " + Settlement.Done.LARGE + " ");
    }

    private List<Seen> callsOf(Script script) {
        List<Seen> found =
                calls.stream().filter(call -> call.script() == script).toList();
        assertThat(found).as(script + " must have been called").isNotEmpty();
        return found;
    }
}
