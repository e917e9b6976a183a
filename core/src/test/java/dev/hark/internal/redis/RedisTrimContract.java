package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.redis.wire.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    /** One slow message holds the floor; trimming counts entries, not bytes. */
    @ParameterizedTest
    @MethodSource("dev.hark.internal.engine.Outcomes#ofOwnMessages")
    default void aLargeEntryIsGoneWhateverBecomesOfItsMessage(Function<String, Settlement> kind) {
        QueueDriver queue = queue().open("slow", "s");
        queue.publish("slow", "x".repeat(1_024));
        Claimed slow = queue.claimOne("slow");
        Claimed large = queue.claimOne("s");
        Settlement outcome = kind.apply(large.entry());

        queue.settle("s", outcome instanceof Settlement.Done ? done(large) : outcome);

        assertThat(rig().texts(Command.XRANGE, keys().ready(queue.address()), large.entry(), large.entry()))
                .isEmpty();
        assertThat(listed(queue)).isZero();
        queue.assertConserved();
        queue.done("slow", List.of(slow));
    }

    @Test
    default void aLargeEntryThatIsTakenOverIsGone() {
        QueueDriver queue = queue().open("slow", "lost");
        queue.publish("slow", "x".repeat(1_024), "small");
        queue.claimOne("slow");
        queue.claim("lost", 2);

        assertThat(queue.lapse("lost")).isEqualTo(2);

        assertThat(length(queue))
                .as("the slow one, the old small one, and two new ones")
                .isEqualTo(4);
        assertThat(listed(queue)).isEqualTo(1);
    }

    @Test
    default void whatIsRefusedIsNotDeleted() {
        QueueDriver queue = queue().open("late", "next");
        queue.publish("slow", "x".repeat(1_024));
        queue.claimOne("next");
        Claimed late = queue.claimOne("late");
        queue.takeOver("late", TakeoverMode.CLOSED);
        Claimed next = queue.claimOne("next");

        // the id has come again, say, and another session holds it
        assertThat(queue.settle("late", new Settlement.Done(late.entry(), false, 1_024))
                        .refused())
                .isEqualTo(1);
        assertThat(queue.settle("late", List.of(done(next))).refused()).isZero();
        assertThat(queue.settle("late", List.of(done(next))).refused()).isEqualTo(1);
    }

    private static Settlement done(Claimed claimed) {
        assertThat(claimed.bytes()).isGreaterThanOrEqualTo(1_024);
        return new Settlement.Done(claimed.entry(), false, claimed.bytes());
    }

    private long listed(QueueDriver queue) {
        Object listed = rig().call(Command.HGET, keys().stats(queue.address()), "listed");
        return listed == null ? 0 : Link.number(listed);
    }

    /** What was measured stays true: plain done of small entries is one XACK for all, and no other command for each. */
    @Test
    default void smallEntriesCostNoCommandEach() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(300, Publication.NOW);
        queue.done("s", queue.claim("s", 100)); // loads the script
        List<Claimed> claimed = queue.claim("s", 20);

        try (Monitor monitor = new Monitor(rig().port())) {
            queue.done("s", claimed);
            assertThat(monitor.commandsOfScripts(rig()))
                    .containsExactly(
                            "TYPE", "TYPE", "TYPE", "TYPE", "HGET", "ZSCORE", "XACK", "HINCRBY", "HINCRBY", "HSET");
        }
    }

    @Test
    default void whoClosesLastLeavesNothingThatIsSettled() {
        QueueDriver queue = queue().open("a", "b");
        queue.publishMany(120, Publication.NOW);
        queue.done("a", queue.claim("a", 50));
        queue.done("b", queue.claim("b", 50));

        queue.takeOver("a", TakeoverMode.CLOSED);
        queue.takeOver("b", TakeoverMode.CLOSED);

        assertThat(length(queue)).isEqualTo(20);
        assertThat(listed(queue)).isZero();
        queue.assertConserved();
    }

    @Test
    default void whoClosesWhileOthersHoldSomethingTrimsWhatIsBelow() {
        QueueDriver queue = queue().open("a", "b");
        queue.publishMany(120, Publication.NOW);
        queue.done("a", queue.claim("a", 50));
        queue.claim("b", 1);
        queue.done("a", queue.claim("a", 19));

        queue.takeOver("a", TakeoverMode.CLOSED);

        assertThat(length(queue)).isEqualTo(70);
        assertThat(listed(queue)).isEqualTo(19);
        queue.assertConserved();
    }

    @Test
    default void whoClosesWithManyToTrimLeavesNothingEither() {
        QueueDriver queue = queue().open("slow", "s");
        queue.publishMany(3_000, Publication.NOW);
        Claimed slow = queue.claimOne("slow");
        queue.done("s", queue.claimAll("s"));
        queue.done("slow", List.of(slow));

        queue.takeOver("slow", TakeoverMode.CLOSED);
        queue.takeOver("s", TakeoverMode.CLOSED);

        assertThat(length(queue)).isZero();
    }

    @Test
    default void anEntryDeletedByAnotherProgramIsCountedOnce() {
        QueueDriver queue = queue().open("s", "lost");
        queue.publish("retry", "done", "take over", "stay");
        List<Claimed> claimed = new ArrayList<>(queue.claim("s", 2));
        claimed.addAll(queue.claim("lost", 1));
        claimed.forEach(one -> rig().call(Command.XDEL, keys().ready(queue.address()), one.entry()));

        queue.settle("s", new Settlement.Again(claimed.get(0).entry(), 0, "failed"));
        queue.done("s", claimed.subList(1, 2));
        queue.takeOver("lost", dev.hark.internal.engine.ListenStore.TakeoverMode.CLOSED);
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
