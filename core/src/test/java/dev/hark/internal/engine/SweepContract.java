package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.entries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Heartbeats, and what they notice. */
interface SweepContract extends StoreContract {

    @Test
    default void aSweepNeverMakesASession() {
        QueueDriver queue = queue().open("other");

        Sweep sweep = queue.sweep("gone");

        assertThat(sweep.alive()).isFalse();
        assertThat(queue.sweep("gone").alive()).isFalse();
        assertThat(queue.info().sessions()).isEqualTo(1);
    }

    @Test
    default void aSweepNeverBringsASessionBack() {
        QueueDriver queue = queue().open("s");
        queue.takeOver("s", TakeoverMode.CLOSED);

        assertThat(queue.sweep("s").alive()).isFalse();
        assertThat(queue.info().sessions()).isZero();
    }

    @Test
    default void aSweepGivesAFreshLease() {
        QueueDriver queue = queue().open("s", "other");
        queue.publish("x");
        queue.claimOne("s");

        queue.age(LEASE.minusSeconds(3));
        assertThat(queue.sweep("s").alive()).isTrue();
        queue.age(LEASE.minusSeconds(3));

        assertThat(queue.sweep("other").lapsed()).isEmpty();
        assertThat(queue.takeOver("s", TakeoverMode.LAPSED)).isZero();
        assertThat(queue.info().active()).isEqualTo(1);
    }

    @Test
    default void aLapsedSessionIsNoticedByAnother() {
        QueueDriver queue = queue().open("lost", "s");

        queue.age(LEASE.plusSeconds(1));
        Sweep sweep = queue.sweep("s");

        assertThat(sweep.alive()).isTrue();
        assertThat(sweep.lapsed()).containsExactly("lost");
        assertThat(sweep.groupMissing()).isFalse();
    }

    @Test
    default void aLeaseOfLateSessionCountsUntilSomebodyTakesItOver() {
        QueueDriver queue = queue().open("late");

        queue.age(LEASE.plusSeconds(1));

        assertThat(queue.sweep("late").alive()).isTrue();
        assertThat(queue.takeOver("late", TakeoverMode.LAPSED)).isZero();
        assertThat(queue.sweep("late").alive()).isTrue();
    }

    @Test
    default void whoClaimsWithoutASessionIsNoticed() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        queue.claimOne("ghost");

        assertThat(queue.sweep("s").lapsed()).containsExactly("ghost");
        assertThat(queue.takeOver("ghost", TakeoverMode.LAPSED)).isEqualTo(1);
        assertThat(queue.sweep("s").lapsed()).isEmpty();
        assertThat(queue.info().waiting()).isEqualTo(1);
    }

    @Test
    default void whatIsHeldForLongIsListed() {
        QueueDriver queue = queue().open("s", "other");
        queue.publish("a", "b", "c", "d");
        List<Claimed> old = queue.claim("s", 2);
        queue.claim("other", 1);
        queue.age(LEASE.plusSeconds(1));
        queue.claim("s", 1);

        Sweep sweep = queue.sweep("s");

        assertThat(sweep.held()).isEqualTo(entries(old));
        assertThat(sweep.cursor()).isEmpty();
    }

    @Test
    default void muchThatIsHeldIsListedInPages() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(250, Publication.NOW);
        List<Claimed> claimed = queue.claimAll("s");
        queue.age(LEASE.plusSeconds(1));

        List<String> held = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();
        String cursor = "";
        do {
            Sweep sweep = store().sweep(queue.address(), "s", LEASE, cursor);
            held.addAll(sweep.held());
            pages.add(sweep.held().size());
            cursor = sweep.cursor();
        } while (!cursor.isEmpty());

        assertThat(held).isEqualTo(entries(claimed));
        assertThat(pages).containsExactly(100, 100, 50);
    }

    @Test
    default void aClockThatIsTurnedForwardEndsNoLease() {
        QueueDriver queue = queue().open("s", "other");
        queue.publish("x");
        queue.claimOne("s");
        queue.sweep("other");

        queue.turnClock(Duration.ofHours(1));

        assertThat(queue.takeOver("s", TakeoverMode.LAPSED))
                .as("between a sweep and what it named")
                .isZero();
        assertThat(queue.sweep("other").lapsed()).isEmpty();
        assertThat(queue.takeOver("s", TakeoverMode.LAPSED)).isZero();
        assertThat(queue.info())
                .extracting(QueueInfo::sessions, QueueInfo::active)
                .containsExactly(2L, 1L);
    }

    @Test
    default void aClockThatIsTurnedBackMakesNoLeaseLonger() {
        QueueDriver queue = queue().open("lost", "s");
        queue.publish("x");
        queue.claimOne("lost");
        queue.sweep("s");

        queue.turnClock(Duration.ofHours(-1));
        assertThat(queue.info().sessions()).as("nobody is known to listen").isZero();
        assertThat(queue.sweep("s").lapsed()).isEmpty();
        assertThat(queue.info().sessions()).isEqualTo(2);

        queue.age(LEASE.plusSeconds(1));
        assertThat(queue.sweep("s").lapsed()).containsExactly("lost");
    }

    @Test
    default void whereNobodySweptLeasesCountFromTheFirstSweep() {
        QueueDriver queue = queue().open("lost", "s");
        queue.sweep("s");

        queue.turnClock(LEASE.multipliedBy(10)); // which nobody can tell from time without sweeps
        queue.open("new");

        assertThat(queue.sweep("new").lapsed()).isEmpty();
        queue.age(LEASE.plusSeconds(1));
        assertThat(queue.sweep("new").lapsed()).containsExactlyInAnyOrder("lost", "s");
    }

    @Test
    default void timeThatSweepsLeaveBetweenThemCounts() {
        QueueDriver queue = queue().open("lost", "s");
        queue.sweep("s");

        for (int i = 0; i < 3; i++) {
            queue.turnClock(LEASE.multipliedBy(2).dividedBy(5));
            queue.sweep("s");
        }

        assertThat(queue.sweep("s").lapsed()).containsExactly("lost");
    }

    @Test
    default void oneSweepNamesManyLapsedSessions() {
        QueueDriver queue = queue().open("s");
        IntStream.range(0, 150).forEach(i -> queue.open("lost" + i));
        queue.age(LEASE.plusSeconds(1));

        List<String> first = queue.sweep("s").lapsed();
        first.forEach(session -> queue.takeOver(session, TakeoverMode.LAPSED));

        assertThat(first).hasSize(ListenStore.MOST_LAPSED);
        assertThat(queue.sweep("s").lapsed()).hasSize(50);
    }

    @Test
    default void severalQueuesAreSweptTogether() {
        QueueDriver queue = queue().open("s");

        List<Answer<Sweep>> answers = store().sweep(
                        List.of(
                                new ListenStore.Beat(queue.address(), "s", ""),
                                new ListenStore.Beat(queue.address(), "other", "")),
                        LEASE);

        assertThat(answers).extracting(answer -> answer.get().alive()).containsExactly(true, false);
    }

    @Test
    default void aSweepTellsWhenTheNextIsDue() {
        QueueDriver queue = queue().open("s");

        assertThat(queue.sweep("s").nextDue()).isEqualTo(NextDue.NONE);
        queue.publishAfter(Duration.ofMinutes(1), "x");
        assertThat(QueueDriver.millis(queue.sweep("s").nextDue())).isBetween(50_000L, 60_000L);
        queue.age(Duration.ofMinutes(2));
        assertThat(QueueDriver.millis(queue.sweep("s").nextDue())).isZero();
    }

    @Test
    default void aQueueWithoutItsGroupIsNoticed() {
        QueueDriver queue = queue();

        assertThat(queue.sweep("s").groupMissing()).isTrue();
        queue.publish("x");
        assertThat(queue.sweep("s").groupMissing()).isTrue();
        queue.open("s");
        assertThat(queue.sweep("s").groupMissing()).isFalse();
    }
}
