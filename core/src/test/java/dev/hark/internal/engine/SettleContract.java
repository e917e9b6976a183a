package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.envelope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hark.admin.DeadLetter.Attempt;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Ledger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outcomes, each applied only while its entry is held. */
interface SettleContract extends StoreContract {

    static Stream<Named<Function<String, Settlement>>> everyKind() {
        return Stream.concat(
                Stream.of(Named.of("done foreign", entry -> new Settlement.Done(entry, true))),
                Outcomes.ofOwnMessages().stream());
    }

    @Test
    default void doneIsCounted() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b", "c");

        SettleReply reply = queue.done("s", queue.claim("s", 2));

        assertThat(reply.refused()).isZero();
        assertThat(reply.repeated()).isFalse();
        assertThat(queue.info())
                .extracting(QueueInfo::done, QueueInfo::waiting, QueueInfo::active)
                .containsExactly(2L, 1L, 0L);
    }

    @Test
    default void aRepeatedBatchIsAnsweredAsBeforeAndCountedOnce() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b");
        List<Claimed> claimed = queue.claim("s", 2);
        String first = claimed.get(0).entry();
        SettleBatch batch = new SettleBatch(
                queue.address(),
                "s",
                1,
                List.of(
                        new Settlement.Again(first, 0, "failed"),
                        new Settlement.Again(first, 0, "failed"),
                        new Settlement.Done(claimed.get(1).entry(), false)));
        SettleReply once = store().settle(batch);
        QueueInfo before = queue.info();

        SettleReply twice = store().settle(batch);

        assertThat(once.refused()).isEqualTo(1);
        assertThat(once.refusedEntries()).containsExactly(first);
        assertThat(twice.refused()).isEqualTo(1);
        assertThat(twice.refusedEntries()).containsExactly(first);
        assertThat(twice.repeated()).isTrue();
        assertThat(queue.info()).isEqualTo(before);
        assertThat(before)
                .extracting(QueueInfo::done, QueueInfo::retried, QueueInfo::refused, QueueInfo::waiting)
                .containsExactly(1L, 1L, 1L, 1L);
    }

    @Test
    default void anEarlierBatchThatArrivesAgainChangesNothing() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b");
        List<Claimed> claimed = queue.claim("s", 2);
        List<SettleBatch> batches = new ArrayList<>();
        for (Claimed one : claimed) {
            batches.add(new SettleBatch(
                    queue.address(), "s", batches.size() + 1, List.of(new Settlement.Done(one.entry(), false))));
        }
        batches.forEach(store()::settle);

        SettleReply late = store().settle(batches.get(0));
        SettleReply last = store().settle(batches.get(1));

        assertThat(late.repeated()).isTrue();
        assertThat(last.repeated()).isTrue();
        assertThat(last.refused()).isZero();
        assertThat(queue.info()).extracting(QueueInfo::done, QueueInfo::refused).containsExactly(2L, 0L);
    }

    @Test
    default void theSameNumberOfAnotherSessionIsNoRepeat() {
        QueueDriver queue = queue().open("a", "b");
        queue.publish("x", "y");

        for (String session : List.of("a", "b")) {
            String entry = queue.claimOne(session).entry();
            SettleReply reply = store().settle(
                            new SettleBatch(queue.address(), session, 1, List.of(new Settlement.Done(entry, false))));
            assertThat(reply.repeated()).isFalse();
        }

        assertThat(queue.info().done()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    default void whoWasTakenOverCanSettleNothing(Function<String, Settlement> kind) {
        QueueDriver queue = queue().open("late", "next");
        queue.publish("x");
        String entry = queue.claimOne("late").entry();
        queue.takeOver("late", TakeoverMode.CLOSED);
        Claimed handedOver = queue.claimOne("next");

        SettleReply reply = queue.settle("late", kind.apply(entry));

        assertThat(reply.refused()).isEqualTo(1);
        assertThat(reply.refusedEntries()).containsExactly(entry);
        assertThat(queue.info())
                .extracting(
                        QueueInfo::refused,
                        QueueInfo::done,
                        QueueInfo::retried,
                        QueueInfo::later,
                        QueueInfo::dead,
                        QueueInfo::waiting,
                        QueueInfo::active,
                        QueueInfo::published)
                .containsExactly(1L, 0L, 0L, 0L, 0L, 0L, 1L, 1L);
        assertThat(queue.done("next", List.of(handedOver)).refused()).isZero();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    default void anEntryIsSettledOnce(Function<String, Settlement> kind) {
        QueueDriver queue = queue().open("s");
        queue.publish("x", "y");
        List<Claimed> claimed = queue.claim("s", 2);
        queue.done("s", claimed.subList(0, 1));

        SettleReply reply = queue.settle("s", kind.apply(claimed.get(0).entry()));

        assertThat(reply.refused()).isEqualTo(1);
        assertThat(queue.info())
                .extracting(QueueInfo::done, QueueInfo::active, QueueInfo::refused, QueueInfo::published)
                .containsExactly(1L, 1L, 1L, 2L);
    }

    @Test
    default void oneRefusalLeavesTheRestOfTheBatch() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b", "c", "d");
        List<Claimed> claimed = queue.claim("s", 4);
        queue.done("s", claimed.subList(0, 1));

        SettleReply reply = queue.done("s", claimed);

        assertThat(reply.refused()).isEqualTo(1);
        assertThat(queue.info().done()).isEqualTo(4);
        assertThat(queue.info().active()).isZero();
    }

    @Test
    default void aRetryBurnsTheAttemptAndNotesIt() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("x");
        Claimed first = queue.claimOne("s");

        queue.settle("s", new Settlement.Again(first.entry(), 0, "no route to host"));

        Claimed second = queue.claimOne("s");
        Envelope envelope = envelope(second);
        assertThat(second.entry()).isNotEqualTo(first.entry());
        assertThat(envelope.id()).isEqualTo(ids.get(0));
        assertThat(envelope.publishedAtMillis()).isEqualTo(envelope(first).publishedAtMillis());
        assertThat(envelope.attempts()).isEqualTo(1);
        assertThat(envelope.recoveries()).isZero();
        List<Attempt> ledger = Ledger.read(envelope.log());
        assertThat(ledger)
                .extracting(Attempt::attempt, Attempt::session, Attempt::what)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(1, "s", "no route to host"));
        assertThat(ledger.get(0).at().toEpochMilli()).isCloseTo(rig().nowMillis(), within(5_000L));
        assertThat(queue.info().retried()).isEqualTo(1);
    }

    @Test
    default void aDelayedRetryWaitsUntilItIsDue() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("x");
        Claimed first = queue.claimOne("s");

        SettleReply reply = queue.settle("s", new Settlement.Again(first.entry(), 60_000, "failed"));

        assertThat(QueueDriver.millis(reply.nextDue())).isBetween(50_000L, 60_000L);
        assertThat(queue.info().later()).isEqualTo(1);
        assertThat(queue.claim("s", 1)).isEmpty();
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        Envelope envelope = envelope(queue.claimOne("s"));
        assertThat(envelope.id()).isEqualTo(ids.get(0));
        assertThat(envelope.attempts()).isEqualTo(1);
    }

    @Test
    default void aSnoozeBurnsNothing() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("x");

        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 60_000));

        assertThat(queue.info().later()).isEqualTo(1);
        assertThat(queue.info().retried()).isZero();
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        assertUntouched(queue.claimOne("s"), ids.get(0));
    }

    @Test
    default void aReleasedMessageIsHandedOutAgainAtOnceAsNew() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("x");
        Claimed first = queue.claimOne("s");

        queue.settle("s", new Settlement.Again(first.entry()));

        assertThat(queue.info().waiting()).isEqualTo(1);
        Claimed second = queue.claimOne("s");
        assertThat(second.entry()).isNotEqualTo(first.entry());
        assertUntouched(second, ids.get(0));
    }

    @Test
    default void aParkedMessageComesBackUntouched() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("x");

        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 60_000));

        assertThat(queue.info().later()).isEqualTo(1);
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        assertUntouched(queue.claimOne("s"), ids.get(0));
    }

    private static void assertUntouched(Claimed claimed, String id) {
        Envelope envelope = envelope(claimed);
        assertThat(envelope.id()).isEqualTo(id);
        assertThat(envelope.attempts()).isZero();
        assertThat(envelope.recoveries()).isZero();
        assertThat(envelope.log()).isEmpty();
    }

    @Test
    default void buryingMakesADeadLetter() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("x", "y");
        List<Claimed> claimed = queue.claim("s", 2);

        queue.settle(
                "s",
                new Settlement.Bury(claimed.get(0).entry(), "boom", true),
                new Settlement.Bury(claimed.get(1).entry(), "unreadable", false));

        List<InspectStore.Buried> dead = store().dead(queue.address(), null, 10);
        assertThat(dead).extracting(one -> one.envelope().id()).isEqualTo(ids);
        assertThat(dead).extracting(InspectStore.Buried::reason).containsExactly("boom", "unreadable");
        assertThat(dead).extracting(one -> one.envelope().attempts()).containsExactly(1, 0);
        assertThat(Ledger.read(dead.get(0).envelope().log()))
                .extracting(Attempt::what)
                .containsExactly("boom");
        assertThat(dead.get(1).envelope().log()).isEmpty();
        assertThat(dead.get(0).diedAtMillis()).isCloseTo(rig().nowMillis(), within(5_000L));
        assertThat(queue.info().dead()).isEqualTo(2);
        assertThat(queue.info().retried()).isZero();
    }

    @Test
    default void aLongLedgerLosesItsOldestLines() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");

        for (int i = 1; i <= 20; i++) {
            String error = i + " " + "é".repeat(400);
            queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 0, error));
        }

        Envelope envelope = envelope(queue.claimOne("s"));
        List<Attempt> ledger = Ledger.read(envelope.log());
        assertThat(envelope.attempts()).isEqualTo(20);
        assertThat(envelope.log().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(7_000, 8_192);
        assertThat(ledger.get(ledger.size() - 1).attempt()).isEqualTo(20);
        assertThat(ledger.get(0).attempt()).isEqualTo(20 - ledger.size() + 1);
    }

    @Test
    default void aBatchMayHoldEveryKind() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(10, Publication.NOW);
        Iterator<Claimed> claimed = queue.claim("s", 9).iterator();
        List<Settlement> batch = Outcomes.ofOwnMessages().stream()
                .map(kind -> kind.getPayload().apply(claimed.next().entry()))
                .toList();

        SettleReply reply = queue.settle("s", batch);

        assertThat(reply.refused()).isZero();
        assertThat(queue.info())
                .extracting(
                        QueueInfo::done,
                        QueueInfo::retried,
                        QueueInfo::waiting,
                        QueueInfo::later,
                        QueueInfo::dead,
                        QueueInfo::active)
                .containsExactly(1L, 2L, 4L, 3L, 2L, 0L);
    }

    @Test
    default void whatIsLostWithItsReplyBurnsNoAttemptTheFirstTimeAndIsDeadWhenTheyAreUsedUp() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publish("too large");
        List<Integer> attempts = new ArrayList<>();
        while (queue.info().dead() == 0) {
            Claimed claimed = queue.claimOne("s");
            attempts.add(envelope(claimed).attempts());
            queue.settle("s", new Settlement.Lost(claimed.entry(), 3));
        }

        assertThat(attempts).containsExactly(0, 0, 1, 2);
        InspectStore.Buried dead = store().dead(queue.address(), null, 1).get(0);
        assertThat(dead.reason()).isEqualTo(Settlement.Lost.AT_LAST);
        assertThat(dead.envelope().id()).isEqualTo(ids.get(0));
        assertThat(dead.envelope().attempts()).isEqualTo(3);
        assertThat(Ledger.read(dead.envelope().log()))
                .extracting(Attempt::attempt, Attempt::what)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, Settlement.Lost.WHAT),
                        org.assertj.core.groups.Tuple.tuple(1, Settlement.Lost.WHAT),
                        org.assertj.core.groups.Tuple.tuple(2, Settlement.Lost.WHAT),
                        org.assertj.core.groups.Tuple.tuple(3, Settlement.Lost.WHAT));
        assertThat(queue.info().retried()).isEqualTo(2);
    }

    @Test
    default void whatWasHandledBetweenTwoLostRepliesBurnsNoMore() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");

        queue.settle("s", new Settlement.Lost(queue.claimOne("s").entry(), 2));
        queue.settle("s", new Settlement.Again(queue.claimOne("s").entry(), 0, "boom"));
        queue.settle("s", new Settlement.Lost(queue.claimOne("s").entry(), 2));

        assertThat(envelope(queue.claimOne("s")).attempts()).isEqualTo(1);
    }

    @Test
    default void whatIsNoMessageAndLostWithItsReplyIsBuriedAtOnce() {
        QueueDriver queue = queue().open("s");
        queue.addForeign(java.util.Map.of("text", "x"));

        queue.settle("s", new Settlement.Lost(queue.claimOne("s").entry(), 3));

        assertThat(store().dead(queue.address(), null, 1))
                .extracting(InspectStore.Buried::reason)
                .containsExactly(Settlement.Lost.NO_MESSAGE);
    }
}
