package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hark.Redis;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/** Scripts are not rolled back, so what cannot be done is refused before the first write. */
interface RedisRefusalContract extends RedisContract {

    String MAX = "18446744073709551615";

    Publication.Due LATER = new Publication.Due.After(60_000);

    /** A transition, and the keys that it needs. */
    record Transition(Set<String> needs, Runnable run) {}

    @ParameterizedTest
    @ValueSource(strings = {"ready", "later", "held", "dead", "sessions", "settled", "stats", "sender:sender"})
    default void aKeyOfAnotherTypeIsRefusedBeforeAnythingIsWritten(String wrong) {
        QueueDriver queue = unguarded("wrong");
        Map<String, Transition> transitions = everyTransition(queue);
        String key = keys().ready(queue.address()).replaceFirst("ready$", wrong);
        rig().call(Command.DEL, key);
        if (wrong.startsWith("sender")) {
            rig().call(Command.LPUSH, key, "not Hark's");
        } else {
            rig().call(Command.SET, key, "not Hark's");
        }

        transitions.forEach((name, transition) -> {
            Map<String, String> before = rig().dump(queue.address());
            StoreException refused = catchThrowableOfType(
                    StoreException.class, () -> transition.run().run());
            if (transition.needs().contains(wrong)) {
                assertThat(refused).as(name).isNotNull();
                assertThat(refused.kind()).as(name).isEqualTo(Kind.WRONG_TYPE);
                assertThat(refused).as(name).hasMessageContaining(name.equals("claim") ? "WRONGTYPE" : key);
                assertThat(rig().dump(queue.address())).as(name).isEqualTo(before);
            } else {
                assertThat(refused).as(name).isNull();
            }
        });
    }

    /** All of them, on a queue in which each has something to do. */
    default Map<String, Transition> everyTransition(QueueDriver queue) {
        Address address = queue.address();
        queue.open("s", "lost");
        String position = queue.bury("s", "dead", "boom");
        queue.publish("a", "b", "c", "d", "e");
        List<Claimed> held = queue.claim("s", 3);
        queue.claim("lost", 1);
        queue.publishAfter(Duration.ofMinutes(1), "later");
        queue.age(Duration.ofMinutes(1));
        queue.sweep("s");

        Map<String, Transition> all = new LinkedHashMap<>();
        all.put("publish", needs(() -> queue.publish("e"), "ready", "stats", "sender:sender"));
        all.put(
                "publish delayed",
                needs(
                        () -> queue.publishAfter(Duration.ofMinutes(1), "f"),
                        "ready",
                        "stats",
                        "sender:sender",
                        "later",
                        "held"));
        all.put("claim", needs(() -> queue.claim("s", 1), "ready"));
        all.put(
                "settle done",
                needs(() -> queue.done("s", held.subList(0, 1)), "ready", "stats", "sessions", "settled"));
        all.put(
                "settle retry",
                needs(
                        () -> queue.settle("s", new Settlement.Again(held.get(1).entry(), 1_000, "failed")),
                        "ready",
                        "stats",
                        "sessions",
                        "settled",
                        "later",
                        "held",
                        "dead"));
        all.put(
                "settle retry at once",
                needs(
                        () -> queue.settle("s", new Settlement.Again(held.get(2).entry(), 0, "failed")),
                        "ready",
                        "stats",
                        "sessions",
                        "settled",
                        "later",
                        "held",
                        "dead"));
        all.put("promote", needs(queue::promote, "later", "held", "ready", "stats"));
        all.put(
                "takeover",
                needs(
                        () -> store().takeOver(address, "lost", TakeoverMode.LAPSED),
                        "ready",
                        "stats",
                        "sessions",
                        "settled"));
        all.put("sweep", needs(() -> queue.sweep("s"), "sessions", "ready", "stats", "later"));
        all.put("open", needs(() -> queue.open("t"), "ready", "stats", "sessions", "settled", "later", "held", "dead"));
        all.put("info", needs(queue::info, "ready", "later", "dead", "stats", "sessions"));
        all.put(
                "write off",
                needs(() -> store().writeOff(address), "ready", "later", "held", "dead", "stats", "sessions"));
        all.put("find dead", needs(() -> store().findDead(address, "nobody"), "dead", "stats"));
        all.put("revive", needs(() -> store().revive(address, List.of(position)), "dead", "ready", "stats"));
        all.put("discard", needs(() -> store().discard(address, List.of(position)), "dead", "stats"));
        return all;
    }

    private static Transition needs(Runnable run, String... keys) {
        return new Transition(Set.of(keys), run);
    }

    @Test
    default void aListOfQueuesThatCannotBeWrittenStopsNoMessage() {
        // the list is shared by all queues, so this needs a prefix of its own
        QueueDriver queue = queue();
        try (RedisStore other = new RedisStore(Redis.of(rig().url()), "other")) {
            rig().call(Command.SET, "other:queues", "not Hark's");

            QueueDriver.accepted(other.publish(queue.batch(1, List.of(message("x")))));
            other.open(queue.address(), "s", LEASE);
            assertThat(other.info(queue.address()).waiting()).isEqualTo(1);

            rig().call(Command.DEL, "other:queues");
            QueueDriver.accepted(other.publish(queue.batch(2, List.of(message("y")))));
            assertThat(other.queues()).as("noted with the next batch").containsExactly(queue.name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MAX + "-" + MAX, MAX + "-18446744073709551614"})
    default void aStreamWithoutFurtherIdsIsRefusedBeforeAnythingIsWritten(String last) {
        QueueDriver queue = unguarded("full");
        Map<String, Transition> transitions = everyTransition(queue);
        transitions.put(
                "publish both",
                needs(() -> store().publish(new Batch(
                        queue.address(),
                        "another",
                        1,
                        "nonce",
                        List.of(message("x"), message("y"), message(LATER, "z"))))));
        rig().call(Command.XADD, keys().ready(queue.address()), last, "body", "the last one");

        for (String name : List.of("publish both", "settle retry at once", "promote", "takeover", "revive")) {
            Map<String, String> before = dumpButForIds(queue);
            assertThatExceptionOfType(StoreException.class)
                    .as(name)
                    .isThrownBy(() -> transitions.get(name).run().run())
                    .matches(e -> !e.transientFailure());
            assertThat(dumpButForIds(queue)).as(name).isEqualTo(before);
        }
        for (String name : List.of(
                "publish delayed", "claim", "settle done", "settle retry", "sweep", "open", "info", "discard")) {
            transitions.get(name).run().run();
        }
    }

    /** What publishing writes and takes back leaves the stream as long as it was, and its ids used up. */
    private Map<String, String> dumpButForIds(QueueDriver queue) {
        Map<String, String> dump = rig().dump(queue.address());
        dump.put(keys().ready(queue.address()), length(queue) + " entries");
        return dump;
    }

    @Test
    default void aFullListOfDeadLettersKeepsTheMessageHeld() {
        QueueDriver queue = unguarded("full");
        queue.open("s").publish("x");
        Claimed held = queue.claimOne("s");
        rig().call(Command.XADD, keys().dead(queue.address()), MAX + "-" + MAX, "body", "the last one");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> queue.settle("s", new Settlement.Bury(held.entry(), "boom", true)));

        assertThat(store().dead(queue.address(), null, 10)).hasSize(1);
        assertThat(queue.info().active()).isEqualTo(1);
        assertThat(queue.done("s", List.of(held)).refused()).isZero();
    }

    @Test
    default void aQueueIsOpenedOnceTheWrongKeyIsGone() {
        QueueDriver queue = queue();
        rig().call(Command.SET, keys().stats(queue.address()), "not Hark's");
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store().open(queue.address(), "s", LEASE));

        rig().call(Command.DEL, keys().stats(queue.address()));

        queue.open("s").publish("x");
        assertThat(queue.claim("s", 1)).hasSize(1);
    }
}
