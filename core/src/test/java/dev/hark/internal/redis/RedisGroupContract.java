package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.accepted;
import static dev.hark.internal.engine.QueueDriver.bodies;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Opened;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.wire.Link;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** A consumer group that was lost, and consumers. */
interface RedisGroupContract extends RedisContract {

    private void loseGroup(QueueDriver queue) {
        rig().call(Command.XGROUP, "DESTROY", keys().ready(queue.address()), "hark");
    }

    @Test
    default void aLostGroupIsNoticedAndRestoredFromTheSettledFloor() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(10, Publication.NOW);
        queue.done("s", queue.claim("s", 3));
        queue.claim("s", 2);

        loseGroup(queue);

        assertThat(queue.sweep("s").groupMissing()).isTrue();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> queue.claim("s", 1))
                .matches(e -> e.kind() == StoreException.Kind.NOT_NOW);
        assertThat(store().open(queue.address(), "t", LEASE)).isEqualTo(new Opened(true, 3));
        assertThat(queue.sweep("s").groupMissing()).isFalse();
        assertThat(queue.info())
                .extracting(QueueInfo::copies, QueueInfo::waiting, QueueInfo::active, QueueInfo::done)
                .containsExactly(3L, 10L, 0L, 3L);
        assertThat(bodies(queue.claimAll("t")))
                .containsExactlyElementsOf(QueueDriver.numbers(0, 10).toList());
    }

    @Test
    default void copiesThatAreDroppedWhileTheGroupIsLostCountAsWell() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(4, Publication.NOW);
        queue.publishAfter(Duration.ofMinutes(1), "a", "b"); // they count, and what waits goes first
        queue.done("s", queue.claim("s", 2));
        loseGroup(queue);
        QueueSettings one = QueueSettings.NONE.maxLength(1).overflow(Overflow.DROP_OLDEST);

        store().publish(new Batch(queue.address(), "p", 1, "nonce", List.of(message("last")), one));

        assertThat(store().open(queue.address(), "t", LEASE)).isEqualTo(new Opened(true, 1)); // at most
        QueueInfo info = queue.info();
        assertThat(info)
                .extracting(QueueInfo::published, QueueInfo::copies, QueueInfo::done, QueueInfo::waiting)
                .containsExactly(7L, 2L, 2L, 1L);
        assertThat(info.missing()).isZero();
        assertThat(bodies(queue.claimAll("t"))).containsExactly("last");
    }

    @Test
    default void aRestoredGroupHandsOutNothingBelowTheFloor() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(300, Publication.NOW);
        queue.done("s", queue.claimAll("s"));
        queue.sweep("s");
        queue.publishMany(5, Publication.NOW);

        loseGroup(queue);

        assertThat(store().open(queue.address(), "t", LEASE)).isEqualTo(new Opened(true, 0));
        assertThat(queue.info().waiting()).isEqualTo(5);
        assertThat(queue.claimAll("t")).hasSize(5);
    }

    @Test
    default void whatIsBelowTheFloorAndNotYetTrimmedIsNotHandedOut() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(300, Publication.NOW);
        queue.done("s", queue.claim("s", 250));
        assertThat(length(queue)).as("a part of a node is left").isGreaterThan(50);

        loseGroup(queue);

        assertThat(store().open(queue.address(), "t", LEASE)).isEqualTo(new Opened(true, 0));
        assertThat(bodies(queue.claimAll("t")))
                .containsExactlyElementsOf(QueueDriver.numbers(250, 300).toList());
    }

    @Test
    default void whatWasHeldAtTheFloorIsHandedOutAgain() {
        QueueDriver queue = queue().open("slow", "s");
        queue.publishMany(300, Publication.NOW);
        queue.claimOne("slow");
        queue.done("s", queue.claim("s", 200));

        loseGroup(queue);
        store().open(queue.address(), "t", LEASE);

        assertThat(bodies(queue.claim("t", 1))).containsExactly("0");
        assertThat(queue.info().copies()).isEqualTo(200);
    }

    @Test
    default void aGroupLostWithAllHandOversKeepsTheSum() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(8, Publication.NOW);
        List<Claimed> claimed = queue.claim("s", 8);
        queue.settle(
                "s",
                new Settlement.Done(claimed.get(0).entry(), false),
                new Settlement.Again(claimed.get(1).entry(), 0, "failed"),
                new Settlement.Again(claimed.get(2).entry(), 60_000),
                new Settlement.Bury(claimed.get(3).entry(), "boom", true));

        loseGroup(queue);
        store().open(queue.address(), "t", LEASE);

        queue.assertConserved();
        assertThat(queue.info())
                .extracting(QueueInfo::copies, QueueInfo::waiting, QueueInfo::later, QueueInfo::dead)
                .containsExactly(4L, 9L, 1L, 1L);
        queue.done("t", queue.claimAll("t"));
        queue.sweep("t");
        assertThat(length(queue)).isZero();
    }

    @Test
    default void whoHeldAnEntryOfALostGroupCanNotSettleItBeforeItIsHandedOutAgain() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        List<Claimed> held = queue.claim("s", 1);
        loseGroup(queue);

        assertThat(queue.done("s", held).refused()).isEqualTo(1);
        store().open(queue.address(), "s", LEASE);
        assertThat(queue.done("s", held).refused()).isEqualTo(1);

        assertThat(queue.info().waiting()).isEqualTo(1);
    }

    @Test
    default void aSessionCanBeTakenOverWithoutItsGroup() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        queue.claimOne("s");
        loseGroup(queue);

        assertThat(queue.takeOver("s", TakeoverMode.CLOSED)).isZero();

        assertThat(queue.sweep("s").alive()).isFalse();
        assertThat(rig().number(Command.HLEN, keys().settled(queue.address()))).isZero();
    }

    @Test
    default void aDeletedStreamBeginsAnew() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(200, Publication.NOW);
        queue.done("s", queue.claimAll("s"));
        queue.sweep("s");

        rig().call(Command.DEL, keys().ready(queue.address()));

        assertThat(store().open(queue.address(), "t", LEASE)).isEqualTo(new Opened(true, 0));
        queue.publish("again");
        assertThat(bodies(queue.claim("t", 10))).containsExactly("again");
    }

    @Test
    default void whatIsBelowTheFloorMakesNoRoom() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(300, Publication.NOW);
        queue.done("s", queue.claim("s", 250));
        loseGroup(queue);
        QueueSettings last = QueueSettings.NONE.maxLength(50).overflow(Overflow.DROP_OLDEST);

        accepted(store().publish(
                        new Batch(queue.address(), "limited", 1, "n", List.of(message("a"), message("b")), last)));

        assertThat(queue.info().dropped()).isEqualTo(2);
        assertThat(store().open(queue.address(), "t", LEASE)).isEqualTo(new Opened(true, 0));
        assertThat(bodies(queue.claimAll("t")))
                .hasSize(50)
                .startsWith("252", "253")
                .endsWith("299", "a", "b");
    }

    @Test
    default void aNewStreamWithEarlierIdsLosesNothing() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        queue.done("s", queue.claimAll("s"));
        queue.sweep("s");
        rig().call(Command.DEL, keys().ready(queue.address()));

        // as after a clock that was set back
        rig().call(Command.XADD, keys().ready(queue.address()), "1-1", "hark", "1", "body", "again");
        queue.strangers(1);

        assertThat(store().open(queue.address(), "t", LEASE)).isEqualTo(new Opened(true, 0));
        assertThat(bodies(queue.claim("t", 10))).containsExactly("again");
    }

    @Test
    default void aConsumerIsDeletedWhenItHoldsNothingAndNotBefore() {
        QueueDriver queue = queue().open("lost", "s");
        queue.publishMany(450, Publication.NOW);
        queue.claimAll("lost");

        boolean more = true;
        while (more) {
            more = store().takeOver(queue.address(), "lost", TakeoverMode.CLOSED)
                    .more();
            assertThat(consumers(queue)).hasSize(more ? 2 : 1);
        }

        assertThat(queue.info().waiting()).isEqualTo(450);
    }

    private List<Object> consumers(QueueDriver queue) {
        return Link.list(rig().call(Command.XINFO, "CONSUMERS", keys().ready(queue.address()), "hark"));
    }
}
