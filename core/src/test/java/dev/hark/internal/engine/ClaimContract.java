package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.bodies;
import static dev.hark.internal.engine.QueueDriver.body;
import static dev.hark.internal.engine.QueueDriver.entries;
import static dev.hark.internal.engine.QueueDriver.envelope;
import static dev.hark.internal.engine.QueueDriver.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Claiming, from one queue and from several. */
public interface ClaimContract extends StoreContract {

    @Test
    default void noMessageIsClaimedTwice() {
        QueueDriver queue = queue().open("a", "b");
        queue.publishMany(10, Publication.NOW);

        List<Claimed> first = queue.claim("a", 6);
        List<Claimed> second = queue.claim("b", 6);

        assertThat(bodies(first)).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(bodies(second)).containsExactly("6", "7", "8", "9");
        assertThat(queue.claim("a", 6)).isEmpty();
        assertThat(queue.info().active()).isEqualTo(10);
        assertThat(queue.info().waiting()).isZero();
    }

    @Test
    default void whatIsClaimedNamesItsQueueAndItsSession() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");

        Claimed claimed = queue.claimOne("s");

        assertThat(claimed.queue()).isEqualTo(queue.address());
        assertThat(claimed.session()).isEqualTo("s");
    }

    @Test
    default void messagesPublishedBeforeTheFirstListenerAreClaimed() {
        QueueDriver queue = queue();
        queue.publish("early");

        queue.open("s");

        assertThat(bodies(queue.claim("s", 1))).containsExactly("early");
    }

    @Test
    default void severalQueuesTogetherGiveExactlyTheCount() {
        List<QueueDriver> queues = List.of(queue(), queue("b"), queue("c"));
        queues.forEach(queue -> queue.open("s").publishMany(3, Publication.NOW));

        try (ClaimSource source =
                store().claims(queues.stream().map(QueueDriver::address).toList())) {
            List<Claimed> first = source.claim("s", 5, Duration.ZERO);
            List<Claimed> rest = source.claim("s", 9, Duration.ZERO);

            assertThat(first).hasSize(5);
            assertThat(rest).hasSize(4);
            for (QueueDriver queue : queues) {
                assertThat(bodies(Stream.concat(first.stream(), rest.stream())
                                .filter(one -> one.queue().equals(queue.address()))
                                .toList()))
                        .as(queue.name())
                        .containsExactly("0", "1", "2");
            }
        }
    }

    @Test
    default void aQueueThatWasNeverOpenedCannotBeClaimedYet() {
        QueueDriver queue = queue();
        queue.publish("x");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> queue.claim("s", 1))
                .matches(e -> e.kind() == StoreException.Kind.NOT_NOW);
        assertThat(queue.info().waiting()).isEqualTo(1);
    }

    @Test
    default void aQueueThatCannotBeClaimedDoesNotStopOthers() {
        QueueDriver queue = queue().open("s");
        queue.publish("a", "b", "c");
        try (ClaimSource source =
                store().claims(List.of(queue.address(), queue("missing").address()))) {
            List<Claimed> claimed = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // whichever of the two is asked first
                claimed.addAll(source.claim("s", 1, Duration.ZERO));
            }

            assertThat(bodies(claimed)).containsExactly("a", "b", "c");
        }
    }

    @Test
    default void aWaitingClaimGetsWhatIsPublished() throws Exception {
        QueueDriver queue = queue().open("s");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            CompletableFuture<List<Claimed>> claim = waiting(source, "s");

            queue.publish("x");

            assertThat(bodies(claim.get(5, TimeUnit.SECONDS))).containsExactly("x");
        }
    }

    @Test
    default void whoWaitsForSeveralQueuesIsToldOfWhatIsPublishedToAnyAndClaimsNothingMeanwhile() throws Exception {
        QueueDriver one = queue().open("s");
        QueueDriver two = queue("b").open("s");
        try (ClaimSource source = store().claims(List.of(one.address(), two.address()))) {
            source.await(Duration.ofMillis(5)); // who waits for the first time may be told to look
            source.claim("s", 1, Duration.ZERO);
            CompletableFuture<Boolean> told = told(source);

            two.publish("x");

            assertThat(told.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(two.info().active()).isZero();
            List<Claimed> claimed = source.claim("s", 5, Duration.ZERO);
            assertThat(bodies(claimed)).containsExactly("x");
            assertThat(claimed.get(0).queue()).isEqualTo(two.address());
        }
    }

    @Test
    default void whatIsThereAlreadyIsToldAtOnce() {
        QueueDriver queue = queue().open("s");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            source.await(Duration.ofMillis(5));
            source.claim("s", 1, Duration.ZERO);
            queue.publish("x");

            assertThat(source.await(LONG)).isTrue();
            assertThat(bodies(source.claim("s", 1, Duration.ZERO))).containsExactly("x");
        }
    }

    /** What others have claimed meanwhile wakes nobody for ever. */
    @Test
    default void afterAWakeThatFoundNothingAWaitIsAWaitAgain() {
        QueueDriver queue = queue().open("s", "other");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            source.await(Duration.ofMillis(5));
            source.claim("s", 1, Duration.ZERO);
            queue.publishMany(20, Publication.NOW);
            queue.claimAll("other");

            source.await(Duration.ofMillis(5));
            assertThat(source.claim("s", 1, Duration.ZERO)).isEmpty();

            assertThat(source.await(Duration.ofMillis(5))).isFalse();
        }
    }

    @Test
    default void aWaitingClaimGetsWhatIsReleased() throws Exception {
        QueueDriver queue = queue().open("a", "b");
        queue.publish("x");
        Claimed held = queue.claimOne("a");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            CompletableFuture<List<Claimed>> claim = waiting(source, "b");

            queue.settle("a", new Settlement.Again(held.entry()));

            List<Claimed> claimed = claim.get(5, TimeUnit.SECONDS);
            assertThat(bodies(claimed)).containsExactly("x");
            assertThat(entries(claimed)).doesNotContain(held.entry());
        }
    }

    @Test
    default void aWaitEndsWhenItIsOver() {
        QueueDriver queue = queue().open("s");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            assertThat(source.claim("s", 1, Duration.ofMillis(5))).isEmpty();
        }
    }

    @Test
    default void aWaitCanBeEndedEarly() throws Exception {
        QueueDriver queue = queue().open("s");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            CompletableFuture<List<Claimed>> claim = waiting(source, "s");

            source.wake();

            assertThat(claim.get(5, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    default void wakingWhenNobodyWaitsHasNoEffect() throws Exception {
        QueueDriver queue = queue().open("s");
        try (ClaimSource source = store().claims(List.of(queue.address()))) {
            source.wake();
            source.claim("s", 1, Duration.ZERO);
            source.wake();

            CompletableFuture<List<Claimed>> claim = waiting(source, "s");
            queue.publish("x");

            assertThat(bodies(claim.get(5, TimeUnit.SECONDS))).containsExactly("x");
        }
    }

    @Test
    default void closingEndsAWait() throws Exception {
        QueueDriver queue = queue().open("s");
        ClaimSource source = store().claims(List.of(queue.address()));
        CompletableFuture<List<Claimed>> claim = waiting(source, "s");

        source.close();

        assertThat(claim.handle((claimed, error) -> "ended").get(5, TimeUnit.SECONDS))
                .isEqualTo("ended");
    }

    @Test
    default void whatIsClosedClaimsNothingAnyMore() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        ClaimSource source = store().claims(List.of(queue.address()));

        source.close();

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> source.claim("s", 1, Duration.ZERO));
        assertThat(queue.info().waiting()).isEqualTo(1);
    }

    @Test
    default void manyAtWorkShareTheMessages() {
        QueueDriver queue = queue().open("s0", "s1", "s2", "s3");
        ConcurrentLinkedQueue<String> handled = new ConcurrentLinkedQueue<>();
        CompletableFuture<?>[] workers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> workUntilTold(queue.address(), "s" + i, handled), Thread::startVirtualThread))
                .toArray(CompletableFuture[]::new);

        queue.publishMany(1_000, Publication.NOW);
        queue.publish("stop", "stop", "stop", "stop");

        assertThat(CompletableFuture.allOf(workers)).succeedsWithin(LONG);
        assertThat(handled)
                .containsExactlyInAnyOrderElementsOf(numbers(0, 1_000).toList());
        assertThat(queue.info().done()).isEqualTo(1_004);
        assertThat(queue.info().refused()).isZero();
    }

    private void workUntilTold(Address queue, String session, Queue<String> handled) {
        try (ClaimSource source = store().claims(List.of(queue))) {
            boolean told = false;
            for (long batch = 1; !told; batch++) {
                List<Settlement> done = new ArrayList<>();
                for (Claimed claimed : source.claim(session, 1, LONG)) {
                    String body = body(envelope(claimed));
                    told |= body.equals("stop") || !handled.add(body);
                    done.add(new Settlement.Done(claimed.entry(), false));
                }
                store().settle(new ListenStore.SettleBatch(queue, session, batch, done));
            }
        }
    }

    default CompletableFuture<Boolean> told(ClaimSource source) {
        CompletableFuture<Boolean> told =
                CompletableFuture.supplyAsync(() -> source.await(LONG), Thread::startVirtualThread);
        rig().awaitBlocked(source);
        return told;
    }

    private CompletableFuture<List<Claimed>> waiting(ClaimSource source, String session) {
        CompletableFuture<List<Claimed>> claim = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                claim.complete(source.claim(session, 10, LONG));
            } catch (RuntimeException e) {
                claim.completeExceptionally(e);
            }
        });
        rig().awaitBlocked(source);
        return claim;
    }
}
