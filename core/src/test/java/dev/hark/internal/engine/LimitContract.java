package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.accepted;
import static dev.hark.internal.engine.QueueDriver.bodies;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Durability;
import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Configured;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.PublishStore.PublishReply;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Settings of queues, and queues that hold no more than they may. */
interface LimitContract extends StoreContract {

    private static Batch limited(QueueDriver queue, long sequence, QueueSettings settings, Publication... messages) {
        return new Batch(queue.address(), "limited", sequence, "nonce", List.of(messages), settings);
    }

    private static QueueSettings atMost(long messages) {
        return QueueSettings.NONE.maxLength(messages);
    }

    private static QueueSettings last(long messages) {
        return atMost(messages).overflow(Overflow.DROP_OLDEST);
    }

    private static Publication[] messages(String... bodies) {
        return Arrays.stream(bodies).map(QueueDriver::message).toArray(Publication[]::new);
    }

    private static Publication delayed(String body) {
        return message(new Publication.Due.After(60_000), body);
    }

    @Test
    default void aBatchThatFitsIsAccepted() {
        QueueDriver queue = queue().open("s");

        List<String> ids = accepted(store().publish(limited(queue, 1, atMost(3), messages("a", "b", "c"))));

        assertThat(ids).hasSize(3);
        assertThat(queue.info().dropped()).isZero();
        assertThat(bodies(queue.claimAll("s"))).containsExactly("a", "b", "c");
    }

    @Test
    default void aBatchThatDoesNotFitIsRefusedWholeAndToldHowMuchRoomThereIs() {
        QueueDriver queue = queue().open("s");
        accepted(store().publish(limited(queue, 1, atMost(3), messages("a", "b"))));

        PublishReply reply = store().publish(limited(queue, 2, atMost(3), messages("c", "d")));

        assertThat(reply).isEqualTo(new PublishReply.Full(1));
        assertThat(queue.info().waiting()).isEqualTo(2);
        assertThat(queue.info().published()).isEqualTo(2);
    }

    @Test
    default void theNumberOfaRefusedBatchIsUsedUp() {
        QueueDriver queue = queue().open("s");
        accepted(store().publish(limited(queue, 1, atMost(1), messages("a"))));
        Batch refused = limited(queue, 2, atMost(1), messages("b"));
        assertThat(store().publish(refused)).isEqualTo(new PublishReply.Full(0));
        queue.claimAll("s"); // there is room now

        assertThat(store().publish(refused)).isEqualTo(new PublishReply.Full(0)); // a late copy does no harm
        assertThat(accepted(store().publish(limited(queue, 3, atMost(1), messages("b")))))
                .hasSize(1);
        assertThat(queue.info().published()).isEqualTo(2);
    }

    @Test
    default void whatIsInFlightDoesNotCountAndWhatIsDueLaterDoes() {
        QueueDriver queue = queue().open("s");
        queue.publish("in flight", "settled");
        queue.done("s", queue.claimAll("s").subList(1, 2));
        queue.publish("waiting");
        accepted(store().publish(limited(queue, 1, atMost(3), delayed("later"))));

        assertThat(store().publish(limited(queue, 2, atMost(3), messages("a", "b"))))
                .isEqualTo(new PublishReply.Full(1));
        accepted(store().publish(limited(queue, 3, atMost(3), messages("a"))));
    }

    @Test
    default void theOldestMakeRoomAndAreCounted() {
        QueueDriver queue = queue().open("s");
        queue.publish("in flight");
        queue.claimAll("s");
        queue.publish("a", "b", "c");

        accepted(store().publish(limited(queue, 1, last(3), messages("d", "e"))));

        assertThat(queue.info().dropped()).isEqualTo(2);
        assertThat(queue.info().published()).isEqualTo(6);
        assertThat(bodies(queue.claimAll("s"))).containsExactly("c", "d", "e");
    }

    @Test
    default void aBatchThatIsLargerThanTheLimitDropsItsOwnOldest() {
        QueueDriver queue = queue();

        List<String> ids = accepted(store().publish(limited(queue, 1, last(2), messages("a", "b", "c", "d", "e"))));

        assertThat(ids).hasSize(5);
        assertThat(queue.info().dropped()).isEqualTo(3);
        queue.open("s");
        assertThat(bodies(queue.claimAll("s"))).containsExactly("d", "e");
    }

    @Test
    default void whenNothingWaitsWhatIsDueFirstMakesRoom() {
        QueueDriver queue = queue().open("s");
        queue.publishAfter(java.time.Duration.ofMinutes(5), "due last");
        queue.publishAfter(java.time.Duration.ofMinutes(1), "due first");

        accepted(store().publish(limited(queue, 1, last(2), message(new Publication.Due.After(180_000), "due then"))));

        assertThat(queue.info().dropped()).isEqualTo(1);
        assertThat(queue.info().later()).isEqualTo(2);
        queue.age(java.time.Duration.ofMinutes(10));
        queue.promote();
        assertThat(bodies(queue.claimAll("s"))).containsExactly("due then", "due last");
    }

    @Test
    default void aForeignEntryThatIsDroppedCountsAsPublished() {
        QueueDriver queue = queue().open("s");
        queue.addForeign(Map.of("body", "foreign"));

        accepted(store().publish(limited(queue, 1, last(1), messages("a"))));

        assertThat(queue.info().dropped()).isEqualTo(1);
        assertThat(queue.info().published()).isEqualTo(2);
        assertThat(bodies(queue.claimAll("s"))).containsExactly("a");
    }

    @Test
    default void aLimitThatWasLoweredIsReachedInSteps() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(2_500, Publication.NOW);

        accepted(store().publish(limited(queue, 1, last(10), messages("a"))));
        assertThat(queue.info().waiting()).isEqualTo(1_501);
        accepted(store().publish(limited(queue, 2, last(10), messages("b"))));
        accepted(store().publish(limited(queue, 3, last(10), messages("c"))));

        assertThat(queue.info().waiting()).isEqualTo(10);
        assertThat(queue.info().dropped()).isEqualTo(2_493);
    }

    @Test
    default void settingsAreKeptAndToldOnce() {
        Address queue = queue().address();
        assertThat(store().settings(queue)).isEqualTo(QueueSettings.NONE);

        assertThat(store().configure(queue, last(5), Owner.CODE)).isEqualTo(new Configured(null, last(5)));
        assertThat(store().configure(queue, last(5), Owner.CODE)).isEqualTo(new Configured(last(5), last(5)));
        assertThat(store().configure(queue, atMost(7), Owner.CODE)).isEqualTo(new Configured(last(5), atMost(7)));

        assertThat(store().settings(queue)).isEqualTo(atMost(7));
    }

    @Test
    default void howSafeMessagesShouldBeIsKept() {
        Address queue = queue().address();
        QueueSettings safe = last(5).durability(Durability.replicated(2)).strict(true);

        store().configure(queue, safe, Owner.CODE);
        assertThat(store().settings(queue)).isEqualTo(safe);
        QueueSettings lenient = safe.durability(Durability.FSYNCED).strict(false);
        assertThat(store().configure(queue, lenient, Owner.OPERATOR)).isEqualTo(new Configured(safe, lenient));

        assertThat(store().settings(queue)).isEqualTo(lenient);
    }

    @Test
    default void aReceiptClaimsNoMoreThanThereIs() {
        QueueDriver queue = queue();
        QueueSettings wanted =
                QueueSettings.NONE.durability(Durability.FSYNCED); // and no store of this suite has files

        PublishReply first = store().publish(limited(queue, 1, wanted, messages("a")));
        PublishReply again = store().publish(limited(queue, 1, wanted, messages("a")));

        assertThat(List.of(first, again))
                .extracting(reply -> ((PublishReply.Accepted) reply).reached())
                .containsOnly(Durability.MEMORY);
    }

    @Test
    default void whatAnOperatorHasSetStays() {
        Address queue = queue().address();
        store().configure(queue, atMost(7), Owner.OPERATOR);

        assertThat(store().configure(queue, atMost(7), Owner.CODE)).isEqualTo(new Configured(atMost(7), atMost(7)));
        assertThat(store().configure(queue, atMost(5), Owner.CODE)).isEqualTo(new Configured(atMost(7), atMost(7)));
        assertThat(store().settings(queue)).isEqualTo(atMost(7));
        assertThat(store().configure(queue, last(5), Owner.OPERATOR)).isEqualTo(new Configured(atMost(7), last(5)));
        assertThat(store().settings(queue)).isEqualTo(last(5));
    }

    @Test
    default void whatAnOperatorHasNotSetIsThePrograms() {
        Address queue = queue().address();
        store().configure(queue, last(5), Owner.CODE);

        assertThat(store().configure(queue, atMost(7), Owner.OPERATOR)).isEqualTo(new Configured(last(5), last(7)));
        assertThat(store().configure(queue, atMost(5).strict(true), Owner.CODE))
                .isEqualTo(new Configured(last(7), atMost(7).strict(true)));
        assertThat(store().configure(queue, last(5), Owner.CODE))
                .isEqualTo(new Configured(atMost(7).strict(true), last(7)));
        assertThat(store().settings(queue)).isEqualTo(last(7));
    }

    @Test
    default void operatorsWhoChangeDifferentSettingsBothWin() {
        Address queue = queue().address();

        store().configure(queue, atMost(7), Owner.OPERATOR);
        store().configure(queue, QueueSettings.NONE.strict(true), Owner.OPERATOR);

        assertThat(store().settings(queue)).isEqualTo(atMost(7).strict(true));
        store().configure(queue, QueueSettings.NONE, Owner.CODE);
        assertThat(store().settings(queue)).isEqualTo(atMost(7).strict(true));
    }

    @Test
    default void whatAnOperatorNamesIsHisAlsoIfItWasSoBefore() {
        Address queue = queue().address();
        store().configure(queue, last(5), Owner.CODE);
        store().configure(queue, last(5), Owner.OPERATOR);

        store().configure(queue, atMost(7).strict(true), Owner.CODE);

        assertThat(store().settings(queue)).isEqualTo(last(5).strict(true));
    }

    @Test
    default void whoeverListensIsToldOfSettings() {
        Address queue = queue().address();
        try (ChannelSource<Address> source = store().hints(List.of(queue))) {
            store().configure(queue, atMost(7), Owner.OPERATOR);

            assertThat(Hint.read(Objects.requireNonNull(source.next()).body())).isEqualTo(Hint.SETTINGS);
        }
    }

    @Test
    default void nobodyIsToldOfSettingsThatStayAsTheyWere() {
        QueueDriver queue = queue();
        store().configure(queue.address(), atMost(7), Owner.OPERATOR);
        try (ChannelSource<Address> source = store().hints(List.of(queue.address()))) {
            store().configure(queue.address(), atMost(7), Owner.OPERATOR);
            queue.publishAfter(Duration.ofMinutes(1), "due first");

            assertThat(Hint.read(Objects.requireNonNull(source.next()).body())).isEqualTo(Hint.DUE);
        }
    }

    @Test
    default void whatIsReadAsksForNothing() {
        Address queue = queue().address();

        assertThat(store().configure(queue, atMost(7), Owner.OPERATOR).now().named())
                .isEmpty();
        assertThat(store().settings(queue).named()).isEmpty();
    }
}
