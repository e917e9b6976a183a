package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.accepted;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hark.Durability;
import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Configured;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Reply;
import dev.hark.testing.NextRelease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;

/** A queue that a newer Hark raises to a layout that is not known here. */
interface RedisUpgradeContract extends RedisRefusalContract {

    Duration NEARLY = LEASE.multipliedBy(9).dividedBy(10);

    /** What a session may do still with what it holds; and a plain read, which can refuse nothing. */
    Set<String> GO_ON = Set.of("settle done", "settle retry", "settle retry at once", "sweep", "claim");

    @Test
    default void allButSettlingIsRefusedAndNothingIsWritten() {
        QueueDriver queue = unguarded("raised");
        Map<String, Transition> transitions = everyTransition(queue);
        transitions.keySet().removeAll(GO_ON);
        transitions.put("publish limited", new Transition(Set.of(), () -> store().publish(limited(queue.address()))));
        transitions.put("claim from several", new Transition(Set.of(), () -> claimFromSeveral(queue)));
        transitions.put("dead", new Transition(Set.of(), () -> store().dead(queue.address(), null, 10)));
        transitions.put("drop", new Transition(Set.of(), () -> store().drop(queue.address())));
        raise(queue, NextRelease.LAYOUT);
        Map<String, String> before = rig().dump(queue.address());

        transitions.forEach((name, transition) -> {
            assertRefused(name, queue, transition.run());
            assertThat(rig().dump(queue.address())).as(name).isEqualTo(before);
        });

        rig().call(Command.HDEL, keys().stats(queue.address()), "layout");
        transitions.values().forEach(transition -> transition.run().run());
    }

    private void assertRefused(String name, QueueDriver queue, Runnable call) {
        StoreException refused = catchThrowableOfType(StoreException.class, call::run);
        assertThat(refused).as(name).isNotNull();
        assertThat(refused.kind()).as(name).isEqualTo(Kind.NEWER_LAYOUT);
        assertThat(refused)
                .as(name)
                .hasMessageContaining(keys().stats(queue.address()) + " says layout " + NextRelease.LAYOUT + ", and "
                        + (NextRelease.LAYOUT - 1) + " is the newest known here");
    }

    private static Batch limited(Address queue) {
        QueueSettings settings = QueueSettings.NONE.maxLength(1).overflow(Overflow.DROP_OLDEST);
        return new Batch(queue, "limited", 1, "nonce", List.of(message("x")), settings);
    }

    private List<Claimed> claimFromSeveral(QueueDriver queue) {
        try (ClaimSource source = store().claims(List.of(queue.address(), queue.address()))) {
            return source.claim("s", 1, Duration.ZERO);
        }
    }

    private void raise(QueueDriver queue, Object layout) {
        rig().call(Command.HSET, keys().stats(queue.address()), "layout", "v" + layout);
    }

    private void lower(QueueDriver queue) {
        rig().call(Command.HDEL, keys().stats(queue.address()), "layout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "next", "", "nan", "2 3", "-1"})
    default void aLayoutThatIsNoNumberIsNotKnownEither(String layout) {
        QueueDriver queue = queue().open("s");
        raise(queue, layout);

        StoreException refused = catchThrowableOfType(StoreException.class, () -> queue.publish("x"));

        assertThat(refused).isNotNull();
        assertThat(refused.kind()).isEqualTo(Kind.NEWER_LAYOUT);
        lower(queue);
    }

    @Test
    default void inAnotherQueueThatIsClaimedTogetherMessagesAreFound() {
        QueueDriver raised = queue("raised").open("s");
        QueueDriver queue = queue().open("s");
        raised.publish("a");
        queue.publish("b", "c");
        raise(raised, NextRelease.LAYOUT);

        try (ClaimSource source = store().claims(List.of(raised.address(), queue.address()))) {
            for (String body : List.of("b", "c")) {
                assertThat(QueueDriver.bodies(source.claim("s", 1, Duration.ZERO)))
                        .containsExactly(body);
            }
        }
        lower(raised);
        assertThat(raised.info().waiting()).isEqualTo(1);
    }

    @Test
    default void anOlderSessionSettlesWhatItHoldsAndEnds() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b", "c");
        List<Claimed> held = queue.claimAll("s");
        openByNext(queue, "t");

        assertThat(queue.done("s", held.subList(0, 1)).refused()).isZero();
        assertThat(queue.settle("s", new Settlement.Again(held.get(1).entry(), 60_000, "failed"))
                        .refused())
                .isZero();
        assertThat(queue.takeOver("s", TakeoverMode.CLOSED)).isEqualTo(1);

        assertThat(rig().texts(Command.ZRANGE, keys().sessions(queue.address()), 0, -1))
                .containsExactly("t");
        lower(queue);
        assertThat(queue.info().done()).isEqualTo(1);
        assertThat(queue.info().later()).isEqualTo(1);
        assertThat(queue.info().waiting()).isEqualTo(1);
    }

    @Test
    default void anOlderSessionKeepsItsLeaseAndHearsWhy() {
        QueueDriver queue = queue().open("s", "lost");
        queue.publish("a", "b");
        Claimed held = queue.claimOne("s");
        queue.claimOne("lost");
        openByNext(queue, "t");
        queue.age(NEARLY);
        Sweep sweep = queue.sweep("s");
        queue.age(NEARLY);

        assertThat(sweep.newerLayout()).contains(keys().stats(queue.address()), "layout " + NextRelease.LAYOUT);
        assertThat(sweep.alive()).isTrue();
        Reply seenByNext = new Reply(
                Script.SWEEP,
                runNext(
                        Script.SWEEP,
                        List.of(
                                keys().sessions(queue.address()),
                                keys().ready(queue.address()),
                                keys().stats(queue.address()),
                                keys().later(queue.address())),
                        List.of("t", LEASE.toMillis(), "")));
        assertThat(seenByNext.texts("lapsed")).containsExactly("lost");
        Sweep later = queue.sweep("s");
        assertThat(later.lapsed()).as("is for those who know the layout").isEmpty();
        assertThat(later.held()).as("in case a claim's reply was lost").containsExactly(held.entry());
        lower(queue);
        assertThat(queue.sweep("s").newerLayout()).isNull();
    }

    @Test
    default void anOlderSessionThatIsGoneHearsThatToo() {
        QueueDriver queue = queue().open("s");
        openByNext(queue, "t");
        rig().call(Command.ZREM, keys().sessions(queue.address()), "s");
        rig().call(Command.XGROUP, "DESTROY", keys().ready(queue.address()), "hark");

        Sweep sweep = queue.sweep("s");

        assertThat(sweep.alive()).isFalse();
        assertThat(sweep.groupMissing()).as("others make it again").isFalse();
        assertThat(sweep.newerLayout()).isNotNull();
        lower(queue);
    }

    @Test
    default void aRepeatedBatchIsAnsweredAsTheFirstTime() {
        QueueDriver queue = queue();
        List<Publication> messages = List.of(message("x"), message(LATER, "y"));
        List<String> ids = accepted(queue.publish(1, messages));
        openByNext(queue, "t");

        assertThat(accepted(queue.publish(1, messages))).isEqualTo(ids);
        lower(queue);
    }

    @Test
    default void theNextReleaseRaisesAQueueAndLeavesItsMessages() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b");
        queue.claimOne("s");
        assertThat(layout(queue)).as("the first is not written").isEqualTo("null");
        Map<String, String> before = rig().dump(queue.address());

        rig().withoutMemory(() -> openByNext(queue, "t"));

        assertThat(layout(queue)).isEqualTo("v" + NextRelease.LAYOUT);
        assertThat(rig().texts(Command.ZRANGE, keys().sessions(queue.address()), 0, -1))
                .containsExactlyInAnyOrder("s", "t");
        Map<String, String> after = rig().dump(queue.address());
        after.keySet().removeAll(changedByOpening(queue));
        before.keySet().removeAll(changedByOpening(queue));
        assertThat(after).isEqualTo(before);
        openByNext(queue, "u");
        assertThat(layout(queue)).isEqualTo("v" + NextRelease.LAYOUT);
        lower(queue);
    }

    private Set<String> changedByOpening(QueueDriver queue) {
        return Set.of(keys().stats(queue.address()), keys().sessions(queue.address()), keys().ready(queue.address()));
    }

    @Test
    default void theNextReleaseMakesNewQueuesInItsOwnLayout() {
        QueueDriver queue = queue();

        openByNext(queue, "t");

        assertThat(layout(queue)).isEqualTo("v" + NextRelease.LAYOUT);
        lower(queue);
    }

    private String layout(QueueDriver queue) {
        return Link.text(rig().call(Command.HGET, keys().stats(queue.address()), "layout"));
    }

    private void openByNext(QueueDriver queue, String session) {
        Address address = queue.address();
        runNext(
                Script.OPEN,
                List.of(
                        keys().ready(address),
                        keys().stats(address),
                        keys().sessions(address),
                        keys().settled(address),
                        keys().later(address),
                        keys().held(address),
                        keys().dead(address)),
                List.of(session, LEASE.toMillis()));
    }

    private Object runNext(Script script, List<String> keys, List<?> args) {
        List<Object> all = new ArrayList<>(List.of(NextRelease.of(script.source()), keys.size()));
        all.addAll(keys);
        all.addAll(args);
        return rig().call(Command.EVAL, all.toArray());
    }

    // ---- settings as they were kept when all of them had one owner

    private QueueDriver configuredBefore(String by, Object... settings) {
        QueueDriver queue = queue();
        rig().call(Command.HSET, keys().config(queue.address()), "by", by);
        for (int i = 0; i < settings.length; i += 2) {
            rig().call(Command.HSET, keys().config(queue.address()), settings[i], settings[i + 1]);
        }
        return queue;
    }

    @Test
    default void whatAnOperatorHadSetStillStays() {
        QueueDriver queue = configuredBefore("operator", "maxLength", 5, "overflow", "block", "durability", "memory");
        QueueSettings five = QueueSettings.NONE.maxLength(5).overflow(Overflow.BLOCK);
        assertThat(store().settings(queue.address())).isEqualTo(five);

        QueueSettings wanted =
                QueueSettings.NONE.maxLength(7).durability(Durability.FSYNCED).strict(true);
        assertThat(store().configure(queue.address(), wanted, Owner.CODE))
                .isEqualTo(new Configured(five, five.strict(true)));
        store().configure(queue.address(), QueueSettings.NONE.maxLength(9), Owner.OPERATOR);

        store().configure(queue.address(), QueueSettings.NONE, Owner.CODE);
        assertThat(store().settings(queue.address())).isEqualTo(five.maxLength(9));
    }

    @Test
    default void whatCodeHadSetIsStillThePrograms() {
        QueueDriver queue = configuredBefore("code", "maxLength", 5, "strict", "true");

        store().configure(queue.address(), QueueSettings.NONE.maxLength(5), Owner.OPERATOR);
        store().configure(queue.address(), QueueSettings.NONE.maxLength(7), Owner.CODE);

        assertThat(store().settings(queue.address())).isEqualTo(QueueSettings.NONE.maxLength(5));
    }

    @Test
    default void settingsOfAnewerHarkStay() {
        QueueDriver queue = configuredBefore("code", "lanes", 5, "by:lanes", "operator");

        store().configure(queue.address(), QueueSettings.NONE.maxLength(7), Owner.OPERATOR);
        store().configure(queue.address(), QueueSettings.NONE, Owner.CODE);

        assertThat(rig().texts(Command.HMGET, keys().config(queue.address()), "by", "lanes", "by:lanes"))
                .containsExactly("code", "5", "operator");
    }
}
