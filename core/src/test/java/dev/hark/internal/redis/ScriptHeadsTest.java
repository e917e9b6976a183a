package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.QueueSettings;
import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.Store.ClaimSource;
import dev.hark.internal.engine.Store.Claimed;
import dev.hark.internal.engine.Store.TakeoverMode;
import dev.hark.internal.redis.Monitor.Seen;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
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
        queue.publish("a", "b", "c", "d");
        queue.publishAfter(Duration.ofMinutes(1), "later");
        store.configure("q", QueueSettings.NONE.maxLength(1), true);
        try (ClaimSource source = store.claims(List.of("q", "q"))) {
            List<Claimed> claimed = source.claim("s", 3, Duration.ZERO);
            queue.done("s", claimed.subList(0, 1));
            queue.settle("s", new Settlement.Retry(claimed.get(1).entry(), 1_000, "failed"));
            queue.settle("s", new Settlement.Bury(claimed.get(2).entry(), "boom", true));
        }
        queue.claim("lost", 1);
        queue.takeOver("lost", TakeoverMode.CLOSED);
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        store.sweep("q", "s", LEASE, "");
        queue.info();
        store.findDead("q", "nobody");
        store.revive("q", List.of(queue.bury("s", "x", "boom")));
        store.discard("q", List.of(queue.bury("s", "x", "boom")));
    }

    @ParameterizedTest
    @EnumSource
    void theHeadSaysWhatItDoesWithWhat(Script script) {
        ScriptHead head = ScriptHead.read(script);

        assertThat(head.does()).isNotEmpty();
        assertThat(head.keys()).isNotEmpty();
        assertThat(head.argv()).isNotEmpty();
        assertThat(head.returns()).isNotEmpty();
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

    @ParameterizedTest
    @EnumSource
    void theHeadNamesTheKeysThatAreGivenInTheirOrder(Script script) {
        ScriptHead head = ScriptHead.read(script);
        Set<Integer> counts = new HashSet<>();

        for (Seen call : callsOf(script)) {
            List<String> parts =
                    call.keys().stream().map(ScriptHeadsTest::nameInHead).toList();
            counts.add(parts.size());
            if (head.anyNumber()) {
                assertThat(head.keys()).contains(parts.get(0));
                assertThat(Set.copyOf(parts)).hasSize(1);
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

    /** {@code test:{q}:sender:x} is the key {@code sender}. */
    private static String nameInHead(String key) {
        return key.replaceFirst("^.*}:", "").replaceFirst(":.*$", "");
    }

    @ParameterizedTest
    @EnumSource
    void onlyDeclaredKeysAreTouched(Script script) {
        for (Seen call : callsOf(script)) {
            assertThat(call.touched()).as(script + " with " + call.keys()).isNotEmpty();
            assertThat(call.keys()).as(script.name()).containsAll(call.touched());
        }
    }

    private List<Seen> callsOf(Script script) {
        List<Seen> found =
                calls.stream().filter(call -> call.script() == script).toList();
        assertThat(found).as(script + " must have been called").isNotEmpty();
        return found;
    }
}
