package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Durability;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.QueueFacts.Holders;
import dev.hark.internal.engine.QueueFacts.Sum;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What can be seen of a queue. */
interface ExamineContract extends StoreContract {

    private QueueFacts facts() {
        return store().examine(queue().address());
    }

    @Test
    default void ofAQueueThatDoesNotExistNothingIsSaid() {
        QueueFacts facts = facts();

        assertThat(facts)
                .isEqualTo(new QueueFacts(
                        queue().name(),
                        facts.server(),
                        Durability.MEMORY,
                        List.of(),
                        List.of(),
                        List.of(),
                        false,
                        0,
                        0,
                        0,
                        0,
                        0,
                        Holders.NONE,
                        Holders.NONE,
                        null,
                        null,
                        null,
                        QueueFacts.Settled.NONE,
                        Sum.EVEN));
    }

    @Test
    default void whatIsWantedOfItsMessagesIsTold() {
        store().configure(queue().address(), QueueSettings.NONE.durability(Durability.replicated(2)), Owner.OPERATOR);

        assertThat(facts().durability()).isEqualTo(Durability.replicated(2));
    }

    @Test
    default void whatIsEverywhereIsCounted() {
        QueueDriver queue = queue().open("s", "t");
        queue.bury("s", "dead", "boom");
        queue.publish("done", "held", "waiting", "waiting");
        queue.publishAfter(Duration.ofHours(1), "later");
        List<Claimed> claimed = queue.claim("s", 2);
        queue.done("s", claimed.subList(0, 1));

        QueueFacts facts = facts();

        assertThat(facts)
                .extracting(
                        QueueFacts::waiting,
                        QueueFacts::active,
                        QueueFacts::later,
                        QueueFacts::held,
                        QueueFacts::listeners)
                .containsExactly(2L, 1L, 1L, 1L, 2L);
        assertThat(facts.overdue()).isNull();
        assertThat(facts.oldestWaiting()).isLessThan(Duration.ofSeconds(10));
        assertThat(facts.sum()).isEqualTo(Sum.EVEN);
    }

    @Test
    default void whenSomebodyLastAskedIsToldWhileHeListens() {
        QueueDriver queue = queue().open("s");
        queue.publish("a");
        queue.claim("stranger", 1);

        assertThat(facts().sinceAsked()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
        queue.takeOver("s", TakeoverMode.CLOSED);
        assertThat(facts().sinceAsked()).isNull();
    }

    @Test
    default void aSessionThatHasLapsedForLongIsTold() {
        QueueDriver queue = queue().open("lost", "s");
        queue.publish("a", "b", "c");
        queue.claim("lost", 2);

        queue.age(LEASE.plusSeconds(1));
        assertThat(facts().lapsed()).as("it may come back").isEqualTo(Holders.NONE);
        queue.age(QueueFacts.GRACE);

        assertThat(facts().lapsed())
                .isEqualTo(new Holders(2, 2, facts().lapsed().names()));
        assertThat(facts().lapsed().names()).containsExactlyInAnyOrder("lost", "s");
        assertThat(facts().listeners()).isZero();
        assertThat(facts().nobodys()).isEqualTo(Holders.NONE);
    }

    @Test
    default void whoHoldsMessagesWithoutASessionIsTold() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b");
        queue.claim("stranger", 2);

        assertThat(facts().nobodys()).as("it may just be handed over").isEqualTo(Holders.NONE);
        queue.age(QueueFacts.GRACE.plusSeconds(1));

        assertThat(facts().nobodys()).isEqualTo(new Holders(1, 2, List.of("stranger")));
        queue.takeOver("stranger", TakeoverMode.LAPSED);
        assertThat(facts().nobodys()).isEqualTo(Holders.NONE);
    }

    @Test
    default void whatIsDueAndNotMovedIsTold() {
        QueueDriver queue = queue();
        queue.publishAfter(Duration.ofMinutes(1), "a", "b");

        assertThat(facts().overdue()).isNull();
        queue.age(Duration.ofMinutes(3));

        assertThat(facts().overdue()).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
        queue.promote();
        assertThat(facts().overdue()).isNull();
    }

    @Test
    default void entriesOfOtherProgramsDoNotUpsetTheSum() {
        QueueDriver queue = queue().open("s");
        queue.addForeign(Map.of("body", "waits"));
        queue.addForeign(Map.of("text", "without a body"));
        queue.addForeign(Map.of("body", "waits as well"));
        assertThat(facts().sum()).isEqualTo(Sum.EVEN);

        List<Claimed> claimed = queue.claim("s", 2);
        assertThat(facts().sum()).as("in flight").isEqualTo(Sum.EVEN);

        queue.settle("s", new Settlement.Again(claimed.get(1).entry(), 60_000));
        assertThat(facts().sum()).as("put off, and still not counted").isEqualTo(Sum.EVEN);
        assertThat(store().writeOff(queue.address())).isZero();

        queue.done("s", claimed.subList(0, 1));
        queue.age(Duration.ofMinutes(2));
        queue.promote();
        assertThat(facts().sum()).isEqualTo(Sum.EVEN);
        for (Claimed last : queue.claimAll("s")) {
            queue.settle("s", new Settlement.Bury(last.entry(), "boom", true));
        }
        assertThat(facts().sum()).isEqualTo(Sum.EVEN);
    }
}
