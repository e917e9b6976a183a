package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.bodies;
import static dev.hark.internal.engine.QueueDriver.ids;
import static dev.hark.internal.engine.QueueDriver.numbers;
import static dev.hark.internal.engine.StoreContract.heard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ListenStore.Promotion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Delayed messages. */
interface PromoteContract extends StoreContract {

    /** No step may move more. */
    int MOST = 200;

    @Test
    default void onlyWhatIsDueMoves() {
        QueueDriver queue = queue().open("s");
        queue.publishAfter(Duration.ofMinutes(1), "soon");
        queue.publishAfter(Duration.ofMinutes(10), "later");
        queue.age(Duration.ofMinutes(2));

        Promotion promotion = queue.promote();

        assertThat(promotion.moved()).isEqualTo(1);
        assertThat(QueueDriver.millis(promotion.nextDue())).isBetween(470_000L, 480_000L);
        assertThat(bodies(queue.claim("s", 10))).containsExactly("soon");
    }

    @Test
    default void nothingLaterMeansNothingDue() {
        assertThat(queue().promote()).isEqualTo(new Promotion(0, NextDue.NONE));
    }

    @Test
    default void messagesMoveInTheOrderInWhichTheyAreDue() {
        QueueDriver queue = queue().open("s");
        queue.publishAfter(Duration.ofSeconds(30), "30");
        queue.publishAfter(Duration.ofSeconds(10), "10");
        queue.publishAfter(Duration.ofSeconds(20), "20");
        queue.age(Duration.ofMinutes(1));

        queue.promote();

        assertThat(bodies(queue.claim("s", 10))).containsExactly("10", "20", "30");
    }

    @Test
    default void muchThatIsDueMovesInSteps() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(450, new Publication.Due.At(rig().nowMillis() + 60_000));
        queue.age(Duration.ofMinutes(2));

        Promotion first = queue.promote();
        int moved = first.moved();
        Promotion last = first;
        while (last.nextDue().equals(new NextDue.In(0))) {
            last = queue.promote();
            moved += last.moved();
        }

        assertThat(first).isEqualTo(new Promotion(MOST, new NextDue.In(0)));
        assertThat(moved).isEqualTo(450);
        assertThat(last.nextDue()).isEqualTo(NextDue.NONE);
        assertThat(bodies(queue.claimAll("s")))
                .containsExactlyElementsOf(numbers(0, 450).toList());
    }

    @Test
    default void largeMessagesMakeAPromotionShorter() {
        QueueDriver queue = queue();
        String large = "x".repeat(400_000);
        queue.publishAfter(Duration.ofMinutes(1), large, large, large, large, large);
        queue.age(Duration.ofMinutes(2));

        assertThat(queue.promote()).isEqualTo(new Promotion(3, new NextDue.In(0)));
        assertThat(queue.promote()).isEqualTo(new Promotion(2, NextDue.NONE));
    }

    @Test
    default void aMessageMayBeHeldAgainUnderItsId() {
        QueueDriver queue = queue().open("s");
        List<String> ids = queue.publishAfter(Duration.ofMinutes(1), "x");

        for (int i = 0; i < 3; i++) {
            queue.age(Duration.ofMinutes(1));
            assertThat(queue.promote().moved()).isEqualTo(1);
            ListenStore.Claimed claimed = queue.claimOne("s");
            assertThat(ids(List.of(claimed))).isEqualTo(ids);
            queue.settle("s", new Settlement.Again(claimed.entry(), 60_000));
        }

        assertThat(queue.info().later()).isEqualTo(1);
    }

    @Test
    default void anEarlierDueTimeIsHeard() {
        QueueDriver one = queue();
        QueueDriver two = queue("b");
        QueueDriver three = queue("c");
        try (ChannelSource<Address> source = store().hints(List.of(one.address(), two.address(), three.address()))) {
            one.publishAfter(Duration.ofMinutes(2), "first");
            one.publishAfter(Duration.ofMinutes(3), "not earlier");
            one.publish("at once");
            two.publishAfter(Duration.ofMinutes(3), "of another queue");
            one.publishAfter(Duration.ofMinutes(1), "earlier");
            three.publishAfter(Duration.ofMinutes(1), "last");

            assertThat(List.of(
                            heard(source).channel(),
                            heard(source).channel(),
                            heard(source).channel(),
                            heard(source).channel()))
                    .containsExactly(one.address(), two.address(), one.address(), three.address());
        }
    }
}
