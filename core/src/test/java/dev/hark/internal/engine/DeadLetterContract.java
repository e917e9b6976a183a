package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.body;
import static dev.hark.internal.engine.QueueDriver.envelope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hark.admin.DeadLetter.Attempt;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Looking at queues, and mending them. */
interface DeadLetterContract extends StoreContract {

    @Test
    default void deadLettersAreReadInPages() {
        QueueDriver queue = queue().open("s");
        for (int i = 0; i < 5; i++) {
            queue.bury("s", "m" + i, "r");
        }

        List<List<String>> pages = new ArrayList<>();
        List<Buried> page = store().dead(queue.address(), null, 2);
        while (!page.isEmpty()) {
            pages.add(page.stream().map(dead -> body(dead.envelope())).toList());
            page = store().dead(queue.address(), page.get(page.size() - 1).position(), 2);
        }

        assertThat(pages).containsExactly(List.of("m0", "m1"), List.of("m2", "m3"), List.of("m4"));
    }

    @Test
    default void aDeadLetterIsFoundByItsIdAndByItsPosition() {
        QueueDriver queue = queue().open("s");
        queue.bury("s", "other", "r");
        String id = delayedId(queue, "wanted");
        queue.settle("s", new Settlement.Bury(queue.claimOne("s").entry(), "r", true));
        String position = store().dead(queue.address(), null, 2).get(1).position();

        for (String key : List.of(id, position)) {
            Buried found = store().findDead(queue.address(), key);
            assertThat(found).isNotNull();
            assertThat(body(found.envelope())).isEqualTo("wanted");
            assertThat(found.position()).isEqualTo(position);
        }
        assertThat(store().findDead(queue.address(), "1-1")).isNull();
        assertThat(store().findDead(queue.address(), "no such id")).isNull();
    }

    /** Publishes a message whose id cannot be some other one's position, as that of an entry can. */
    private static String delayedId(QueueDriver queue, String body) {
        String id = queue.publishAfter(Duration.ofMinutes(1), body).get(0);
        queue.age(Duration.ofMinutes(1));
        queue.promote();
        return id;
    }

    @Test
    default void ofSeveralWithTheSameIdTheFirstIsFound() {
        QueueDriver queue = queue().open("s");
        queue.strangers(2);
        for (String body : List.of("first", "second")) {
            queue.addForeign(Map.of("hark", "1 twin 1700000000000 0 0", "body", body));
            queue.settle("s", new Settlement.Bury(queue.claimOne("s").entry(), "r", false));
        }

        Buried found = store().findDead(queue.address(), "twin");

        assertThat(found).isNotNull();
        assertThat(body(found.envelope())).isEqualTo("first");
    }

    @Test
    default void aDeadLetterIsFoundAmongMany() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(1_100, Publication.NOW);
        String id = delayedId(queue, "wanted");
        List<Settlement> burials = new ArrayList<>();
        queue.claimAll("s").forEach(one -> burials.add(new Settlement.Bury(one.entry(), "r", false)));
        queue.settle("s", burials);

        Buried found = store().findDead(queue.address(), id);

        assertThat(found).isNotNull();
        assertThat(body(found.envelope())).isEqualTo("wanted");
        assertThat(store().findDead(queue.address(), "no such id")).isNull();
    }

    @Test
    default void revivingForgetsTheAttemptsAndKeepsTheLedger() {
        QueueDriver queue = queue().open("lost", "s");
        queue.publish("x");
        queue.claimOne("lost");
        queue.takeOver("lost", ListenStore.TakeoverMode.CLOSED);
        queue.settle("s", new Settlement.Bury(queue.claimOne("s").entry(), "boom", true));
        Buried dead = store().dead(queue.address(), null, 1).get(0);

        int revived = store().revive(queue.address(), List.of(dead.position(), "1-1", dead.position()));

        assertThat(revived).isEqualTo(1);
        Envelope envelope = envelope(queue.claimOne("s"));
        assertThat(envelope.id()).isEqualTo(dead.envelope().id());
        assertThat(envelope.attempts()).isZero();
        assertThat(envelope.recoveries()).isZero();
        assertThat(Ledger.read(envelope.log())).extracting(Attempt::attempt).containsExactly(1, 2);
        assertThat(queue.info().dead()).isZero();
    }

    @Test
    default void anEntryThatStaysAsItIsDiesOfItsLastReason() {
        QueueDriver queue = queue().open("s");
        queue.strangers(1);
        queue.addForeign(Map.of("hark", "2 new", "body", "x"));
        queue.settle("s", new Settlement.Bury(queue.claimOne("s").entry(), "first", false));
        store().revive(
                        queue.address(),
                        List.of(store().dead(queue.address(), null, 1).get(0).position()));

        queue.settle("s", new Settlement.Bury(queue.claimOne("s").entry(), "second", false));

        assertThat(store().dead(queue.address(), null, 1).get(0).reason()).isEqualTo("second");
    }

    @Test
    default void discardingCountsWhatExisted() {
        QueueDriver queue = queue().open("s");
        String first = queue.bury("s", "a", "r");
        queue.bury("s", "b", "r");

        assertThat(store().discard(queue.address(), List.of(first, "1-1"))).isEqualTo(1);
        assertThat(store().discard(queue.address(), List.of(first))).isZero();

        assertThat(queue.info()).extracting(QueueInfo::dead, QueueInfo::deleted).containsExactly(1L, 1L);
    }

    @Test
    default void manyDeadLettersAreMendedAtOnce() {
        QueueDriver queue = queue().open("s");
        queue.publishMany(350, Publication.NOW);
        List<Settlement> burials = new ArrayList<>();
        queue.claimAll("s").forEach(one -> burials.add(new Settlement.Bury(one.entry(), "r", false)));
        queue.settle("s", burials);
        List<String> positions = store().dead(queue.address(), null, 1_000).stream()
                .map(Buried::position)
                .toList();

        assertThat(store().revive(queue.address(), positions.subList(0, 150))).isEqualTo(150);
        assertThat(store().discard(queue.address(), positions)).isEqualTo(200);

        assertThat(queue.info())
                .extracting(QueueInfo::waiting, QueueInfo::dead, QueueInfo::deleted)
                .containsExactly(150L, 0L, 200L);
    }

    @Test
    default void whatIsNoPositionIsRefused() {
        QueueDriver queue = queue().open("s");
        queue.bury("s", "a", "r");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store().dead(queue.address(), "nowhere", 1))
                .matches(e -> e.kind() == StoreException.Kind.NEVER);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store().discard(queue.address(), List.of("nowhere")))
                .matches(e -> e.kind() == StoreException.Kind.NEVER);
        assertThat(queue.info().dead()).isEqualTo(1);
    }

    @Test
    default void aQueueThatDoesNotExistIsEmpty() {
        assertEmpty(queue().address());
    }

    private void assertEmpty(Address queue) {
        assertThat(store().info(queue))
                .isEqualTo(new QueueInfo(queue.name(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null));
        assertThat(store().dead(queue, null, 10)).isEmpty();
        assertThat(store().findDead(queue, "x")).isNull();
        assertThat(store().revive(queue, List.of("1-1"))).isZero();
        assertThat(store().discard(queue, List.of("1-1"))).isZero();
        assertThat(store().queues()).doesNotContain(queue.name());
    }

    @Test
    default void theOldestWaitingMessageIsTheFirstNotHandedOut() {
        QueueDriver queue = queue().open("s");
        assertThat(queue.info().oldestWaiting()).isNull();
        String first = queue.publish("a").get(0);
        String second = queue.publish("b").get(0);

        assertThat(queue.info().oldestWaiting()).isEqualTo(timeOf(first));
        queue.claimOne("s");
        assertThat(queue.info().oldestWaiting()).isEqualTo(timeOf(second));
        queue.claimOne("s");
        assertThat(queue.info().oldestWaiting()).isNull();
    }

    private static Instant timeOf(String id) {
        return Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
    }

    @Test
    default void aQueueIsKnownOnceItIsUsed() {
        QueueDriver published = queue();
        QueueDriver opened = queue("b");

        published.publish("x");
        opened.open("s");

        assertThat(store().queues()).contains(published.name(), opened.name()).isSorted();
    }

    @Test
    default void aDroppedQueueBeginsAnew() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b", "c");
        queue.publishAfter(Duration.ofMinutes(1), "d");
        List<Claimed> claimed = queue.claim("s", 2);
        queue.settle("s", new Settlement.Bury(claimed.get(0).entry(), "r", false));
        store().retire(queue.address(), "sender");

        store().drop(queue.address());

        assertThat(store().queues()).doesNotContain(queue.name());
        assertEmpty(queue.address());
        queue.publish(1, List.of(QueueDriver.message("again")));
        queue.open("t");
        assertThat(body(envelope(queue.claimOne("t")))).isEqualTo("again");
        assertThat(store().queues()).contains(queue.name());
    }
}
