package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.bodies;
import static dev.hark.internal.engine.QueueDriver.envelope;
import static dev.hark.internal.engine.QueueDriver.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.DeadLetter.Attempt;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Ledger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hand-overs from lost and closed sessions. */
interface TakeoverContract extends StoreContract {

    /** No step may hand over more. */
    int STEP = 200;

    @Test
    default void aLiveSessionIsNotLapsed() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        Claimed held = queue.claimOne("s");

        assertThat(store().takeOver(queue.address(), "s", TakeoverMode.LAPSED)).isEqualTo(new Takeover(0, false));

        assertThat(queue.sweep("s").alive()).isTrue();
        assertThat(queue.done("s", List.of(held)).refused()).isZero();
    }

    @Test
    default void whatALapsedSessionHeldIsHandedOverWithItsAttemptCounted() {
        QueueDriver queue = queue().open("lost", "s");
        List<String> ids = queue.publish("x");
        Claimed before = queue.claimOne("lost");

        assertThat(queue.lapse("lost")).isEqualTo(1);

        Claimed after = queue.claimOne("s");
        Envelope envelope = envelope(after);
        assertThat(after.entry()).isNotEqualTo(before.entry());
        assertThat(envelope.id()).isEqualTo(ids.get(0));
        assertThat(envelope.attempts()).isEqualTo(1);
        assertThat(envelope.recoveries()).isEqualTo(1);
        List<Attempt> ledger = Ledger.read(envelope.log());
        assertThat(ledger).hasSize(1);
        assertThat(ledger.get(0).session()).isEqualTo("lost");
        assertThat(ledger.get(0).what()).contains("lapsed");
        assertThat(queue.info())
                .extracting(QueueInfo::recovered, QueueInfo::retried, QueueInfo::active, QueueInfo::waiting)
                .containsExactly(1L, 0L, 1L, 0L);
    }

    @Test
    default void aLapsedSessionIsGoneAfterIt() {
        QueueDriver queue = queue().open("lost", "s");
        queue.publish("x");
        queue.claimOne("lost");

        queue.lapse("lost");

        assertThat(queue.sweep("lost").alive()).isFalse();
        assertThat(queue.sweep("s").lapsed()).isEmpty();
        assertThat(queue.info().sessions()).isEqualTo(1);
    }

    @Test
    default void aLapsedSessionDoesNotCountAlsoWhereNobodyTakesItOver() {
        QueueDriver queue = queue().open("lost", "s");

        queue.age(QueueDriver.LEASE.plusSeconds(1));
        queue.sweep("s");

        assertThat(queue.info().sessions()).isEqualTo(1);
    }

    @Test
    default void aClosedSessionEndsWhileItsLeaseRuns() {
        QueueDriver queue = queue().open("s", "other");
        queue.publish("x", "y");
        queue.claim("s", 2);

        assertThat(queue.takeOver("s", TakeoverMode.CLOSED)).isEqualTo(2);

        assertThat(queue.sweep("s").alive()).isFalse();
        List<Claimed> after = queue.claim("other", 2);
        assertThat(bodies(after)).containsExactly("x", "y");
        assertThat(Ledger.read(envelope(after.get(0)).log()).get(0).what()).contains("closed");
    }

    @Test
    default void aSessionThatHoldsNothingJustEnds() {
        QueueDriver queue = queue().open("s", "other");

        assertThat(store().takeOver(queue.address(), "s", TakeoverMode.CLOSED)).isEqualTo(new Takeover(0, false));

        assertThat(queue.info().sessions()).isEqualTo(1);
        assertThat(queue.sweep("other").lapsed()).isEmpty();
    }

    @Test
    default void takingOverFromNobodyIsHarmless() {
        QueueDriver queue = queue().open("s");

        assertThat(store().takeOver(queue.address(), "nobody", TakeoverMode.LAPSED))
                .isEqualTo(new Takeover(0, false));
        assertThat(store().takeOver(queue.address(), "nobody", TakeoverMode.CLOSED))
                .isEqualTo(new Takeover(0, false));
        assertThat(queue.info().sessions()).isEqualTo(1);
    }

    @Test
    default void othersKeepWhatTheyHold() {
        QueueDriver queue = queue().open("lost", "s");
        queue.publish("x", "y");
        queue.claimOne("lost");
        Claimed kept = queue.claimOne("s");

        queue.takeOver("lost", TakeoverMode.CLOSED);

        assertThat(queue.info().active()).isEqualTo(1);
        assertThat(queue.done("s", List.of(kept)).refused()).isZero();
    }

    @Test
    default void muchIsHandedOverInSteps() {
        QueueDriver queue = queue().open("lost", "s");
        List<String> ids = queue.publishMany(450, Publication.NOW);
        queue.claimAll("lost");

        Takeover first = store().takeOver(queue.address(), "lost", TakeoverMode.CLOSED);

        assertThat(first.more()).isTrue();
        assertThat(first.moved()).isBetween(1, STEP);
        assertThat(queue.sweep("lost").alive())
                .as("struck off with the first step")
                .isFalse();
        assertThat(queue.sweep("s").lapsed()).as("not forgotten between steps").containsExactly("lost");
        assertThat(first.moved() + queue.takeOver("lost", TakeoverMode.LAPSED)).isEqualTo(450);
        assertThat(queue.sweep("s").lapsed()).isEmpty();
        assertThat(ids(queue.claimAll("s"))).isEqualTo(ids);
        assertThat(queue.info().recovered()).isEqualTo(450);
    }

    @Test
    default void largeMessagesMakeAStepShorter() {
        QueueDriver queue = queue().open("lost");
        String large = "x".repeat(400_000);
        queue.publish(large, large, large, large, large);
        queue.claimAll("lost");

        Takeover first = store().takeOver(queue.address(), "lost", TakeoverMode.CLOSED);

        assertThat(first).isEqualTo(new Takeover(3, true));
        assertThat(queue.takeOver("lost", TakeoverMode.CLOSED)).isEqualTo(2);
    }

    @Test
    default void attemptsAndRecoveriesAddUp() {
        QueueDriver queue = queue().open("a", "b", "c");
        queue.publish("x");

        queue.claimOne("a");
        queue.lapse("a");
        queue.open("b").settle("b", new Settlement.Again(queue.claimOne("b").entry(), 0, "failed"));
        queue.claimOne("b");
        queue.lapse("b");

        Envelope envelope = envelope(queue.claimOne("c"));
        assertThat(envelope.attempts()).isEqualTo(3);
        assertThat(envelope.recoveries()).isEqualTo(2);
        assertThat(Ledger.read(envelope.log())).extracting(Attempt::attempt).containsExactly(1, 2, 3);
    }

    /** A listener that closes in order has not been killed by what it handled. */
    @Test
    default void aSessionThatIsClosedIsNoRecovery() {
        QueueDriver queue = queue().open("a", "b");
        queue.publish("x");

        queue.claimOne("a");
        queue.takeOver("a", TakeoverMode.CLOSED);

        Envelope envelope = envelope(queue.claimOne("b"));
        assertThat(envelope.attempts()).isEqualTo(1);
        assertThat(envelope.recoveries()).isZero();
    }

    @Test
    default void aSessionMayBeOpenedAgainstTheSameQueueTwice() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        Claimed held = queue.claimOne("s");

        assertThat(store().open(queue.address(), "s", QueueDriver.LEASE)).isEqualTo(new ListenStore.Opened(false, 0));

        assertThat(queue.info().sessions()).isEqualTo(1);
        assertThat(queue.done("s", List.of(held)).refused()).isZero();
    }
}
