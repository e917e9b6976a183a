package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.redis.wire.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** What is kept under which key, and that nothing else is. */
interface RedisLayoutContract extends RedisContract {

    @Test
    default void aQueueThatIsDroppedLeavesNoKey() {
        QueueDriver queue = queue().open("s", "t");
        queue.bury("s", "dead", "boom");
        queue.publish("a", "b");
        queue.publishAfter(Duration.ofMinutes(1), "later");
        queue.claim("t", 1);
        assertThat(rig().keysOf(queue.address())).hasSize(8);
        long others = rig().number(Command.DBSIZE) - 8;

        store().retire(queue.address(), "sender");
        store().drop(queue.address());

        assertThat(rig().keysOf(queue.address())).isEmpty();
        assertThat(rig().number(Command.DBSIZE)).isEqualTo(others);
        assertThat(rig().texts(Command.SMEMBERS, keys().queues())).doesNotContain(queue.name());
    }

    @Test
    default void onlySendersExpireAndAllOfThemDo() {
        QueueDriver queue = queue().open("s");
        queue.publish("a");
        queue.publishAfter(Duration.ofMinutes(1), "later");

        for (String key : rig().keysOf(queue.address())) {
            assertThat(rig().number(Command.PTTL, key) > 0).as(key).isEqualTo(key.contains(":sender:"));
        }
    }

    @Test
    default void sessionsThatEndLeaveNothing() {
        QueueDriver queue = queue().open("stays");
        for (int i = 0; i < 5; i++) {
            String session = "s" + i;
            queue.open(session).publish("x");
            queue.settle(session, new Settlement.Done(queue.claimOne(session).entry(), false));
            queue.takeOver(session, TakeoverMode.CLOSED);
            queue.settle(session, new Settlement.Done("1-1", false));
        }

        assertThat(rig().texts(Command.ZRANGE, keys().sessions(queue.address()), 0, -1))
                .containsExactly("stays");
        assertThat(rig().number(Command.HLEN, keys().settled(queue.address()))).isZero();
        assertThat(Link.list(rig().call(Command.XINFO, "CONSUMERS", keys().ready(queue.address()), "hark")))
                .hasSize(1);
    }

    @Test
    default void whatWasPromotedIsHeldNoMore() {
        QueueDriver queue = queue().open("s");
        queue.publishAfter(Duration.ofMinutes(1), "a", "b");
        queue.age(Duration.ofMinutes(1));

        queue.promote();

        assertThat(rig().keysOf(queue.address()))
                .doesNotContain(keys().held(queue.address()), keys().later(queue.address()));
    }

    @Test
    default void everyEntryHasTheSameFieldsInTheSameOrder() {
        QueueDriver queue = queue().open("s", "lost");
        queue.publish("a", "b", "c");
        queue.publishAfter(Duration.ofMinutes(1), "d");
        queue.addForeign(java.util.Map.of("body", "e"));
        queue.claim("lost", 1);
        queue.takeOver("lost", TakeoverMode.CLOSED);
        queue.claimAll("s").forEach(one -> queue.settle("s", new Settlement.Again(one.entry(), 0, "failed")));
        queue.age(Duration.ofMinutes(1));
        queue.promote();

        List<Object> waiting =
                Link.list(rig().call(Command.XREVRANGE, keys().ready(queue.address()), "+", "-", "COUNT", 5));
        assertThat(waiting).allSatisfy(entry -> {
            List<String> fields = Link.texts(Link.list(entry).get(1));
            assertThat(List.of(fields.get(0), fields.get(2))).containsExactly("hark", "body");
            assertThat(fields).hasSize(4);
        });
    }

    @Test
    default void aNewerEnvelopeIsKeptVerbatim() {
        QueueDriver queue = queue().open("lost", "s");
        queue.strangers(1);
        List<String> fields = List.of("z", "1", "hark", "2 a b c", "z", "2", "body", "x");
        List<Object> add = new ArrayList<>(List.of(keys().ready(queue.address()), "*"));
        add.addAll(fields);
        rig().call(Command.XADD, add.toArray());
        Claimed first = queue.claimOne("lost");
        assertThat(first.content()).isEqualTo(new Content.Unknown("2"));

        queue.takeOver("lost", TakeoverMode.CLOSED);
        assertThat(lastEntry(queue)).isEqualTo(fields);
        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 60_000));
        queue.age(Duration.ofMinutes(1));
        queue.promote();

        assertThat(lastEntry(queue)).isEqualTo(fields);
    }

    @Test
    default void anEntryOfThousandsOfFieldsIsNotLost() {
        QueueDriver queue = queue().open("lost", "s");
        List<Object> add = new ArrayList<>(List.of(keys().ready(queue.address()), "*"));
        QueueDriver.numbers(0, 5_000).forEach(i -> add.addAll(List.of("f" + i, "v" + i)));
        rig().call(Command.XADD, add.toArray());
        queue.claimOne("lost");

        assertThat(queue.takeOver("lost", TakeoverMode.CLOSED)).isEqualTo(1);
        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 60_000));
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        queue.settle("s", new Settlement.Bury(queue.claimOne("s").entry(), "no body", false));

        String body =
                QueueDriver.body(store().dead(queue.address(), null, 1).get(0).envelope());
        assertThat(body).contains("f0", "v0", "f4999", "v4999");
    }

    private List<String> lastEntry(QueueDriver queue) {
        Object last = Link.list(rig().call(Command.XREVRANGE, keys().ready(queue.address()), "+", "-", "COUNT", 1))
                .get(0);
        return Link.texts(Link.list(last).get(1));
    }
}
