package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.QueueInfo;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store.Claimed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Settled entries leave the stream, without a command for each. */
interface RedisTrimContract extends RedisContract {

    @Test
    default void anIdleQueueKeepsNothing() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(1_000, Publication.NOW);
        queue.done("s", queue.claimAll("s"));

        queue.sweep("s");

        assertThat(length(queue)).isZero();
        assertThat(queue.info().waiting()).isZero();
    }

    @Test
    default void aSweepLeavesWhatIsWaiting() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(400, Publication.NOW);
        queue.done("s", queue.claim("s", 250));

        queue.sweep("s");

        assertThat(length(queue)).isEqualTo(150);
        assertThat(queue.info().waiting()).isEqualTo(150);
        assertThat(queue.claimAll("s")).hasSize(150);
    }

    @Test
    default void aSweepWhileSomethingIsHeldKeepsTheFigures() {
        QueueDriver queue = queue().open("slow", "s");
        queue.publishMany(6, Publication.NOW);
        Claimed slow = queue.claimOne("slow");
        queue.done("s", queue.claim("s", 5));

        queue.sweep("s");

        assertThat(queue.info())
                .extracting(QueueInfo::waiting, QueueInfo::active, QueueInfo::done)
                .containsExactly(0L, 1L, 5L);
        queue.done("slow", List.of(slow));
        queue.sweep("s");
        assertThat(length(queue)).isZero();
    }

    @Test
    default void aBusyQueueIsTrimmedAsItIsSettled() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(2_000, Publication.NOW);

        while (true) {
            List<Claimed> claimed = queue.claim("s", 50);
            if (claimed.isEmpty()) {
                break;
            }
            queue.done("s", claimed);
        }

        assertThat(length(queue)).isLessThan(400);
        queue.assertConserved();
    }

    @Test
    default void aSlowMessageDoesNotKeepAllThatCameAfterIt() {
        QueueDriver queue = queue().open("slow", "s");
        queue.publish("slow");
        Claimed slow = queue.claimOne("slow");

        for (int i = 0; i < 24; i++) {
            queue.publishMany(500, Publication.NOW);
            queue.done("s", queue.claim("s", 500));
        }

        assertThat(length(queue)).isBetween(1L, 10_101L);
        assertThat(queue.info())
                .extracting(QueueInfo::done, QueueInfo::waiting, QueueInfo::active)
                .containsExactly(12_000L, 0L, 1L);
        queue.done("slow", List.of(slow));
        queue.sweep("s");
        queue.sweep("s");
        assertThat(length(queue)).isZero();
    }

    @Test
    default void anEntryDeletedByAnotherProgramIsCountedOnce() {
        QueueDriver queue = queue().open("s", "lost");
        queue.publish("retry", "done", "take over", "stay");
        List<Claimed> claimed = new ArrayList<>(queue.claim("s", 2));
        claimed.addAll(queue.claim("lost", 1));
        claimed.forEach(one -> rig().call(Command.XDEL, keys().ready(queue.name()), one.entry()));

        queue.settle("s", new Settlement.Retry(claimed.get(0).entry(), 0, "failed"));
        queue.done("s", claimed.subList(1, 2));
        queue.takeOver("lost", dev.hark.internal.engine.Store.TakeoverMode.CLOSED);
        queue.sweep("s");

        assertThat(queue.info())
                .extracting(QueueInfo::deleted, QueueInfo::done, QueueInfo::waiting, QueueInfo::active)
                .containsExactly(2L, 1L, 1L, 0L);
        queue.done("s", queue.claimAll("s"));
        queue.sweep("s");
        assertThat(length(queue)).isZero();
        assertThat(queue.info().waiting()).isZero();
    }
}
