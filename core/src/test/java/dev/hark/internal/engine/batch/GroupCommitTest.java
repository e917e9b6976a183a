package dev.hark.internal.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.TestEnv;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Items are strings as large as they are long. At most 5 items or 20 bytes a batch; 40 bytes may wait. */
class GroupCommitTest {

    private final Queue<List<String>> sent = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> senders = new ConcurrentLinkedQueue<>();
    private final Queue<List<String>> told = new ConcurrentLinkedQueue<>();
    private final Semaphore wire = new Semaphore(0);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private volatile Runnable callback = () -> {};
    private final GroupCommit<String> commit = new GroupCommit<>(
            new TestEnv().running(), new BatchLimits<>(5, 20, item -> 1, String::length), 40, Frozen::new);

    private final class Frozen implements GroupCommit.Batch {
        private final List<String> items;

        Frozen(List<String> items) {
            this.items = items;
        }

        @Override
        public boolean attempt(Runnable meanwhile) {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            meanwhile.run();
            wire.acquireUninterruptibly();
            underWay.decrementAndGet();
            senders.add(Thread.currentThread());
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return false;
            }
            sent.add(items);
            return true;
        }

        @Override
        public void tell() {
            callback.run();
            told.add(items);
        }
    }

    private void add(String... items) {
        for (String item : items) {
            commit.add(item, false);
        }
    }

    private void awaitTold(int batches) {
        await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == batches);
    }

    @Test
    void whatIsAddedWhileOneIsOnTheWireSharesTheNext() {
        add("a");
        await().until(() -> underWay.get() == 1);
        add("b", "c", "d");

        wire.release(2);

        awaitTold(2);
        assertThat(sent).containsExactly(List.of("a"), List.of("b", "c", "d"));
    }

    @Test
    void batchesAreLimitedByCountAndBytesAndKeepTheOrder() {
        add("a");
        await().until(() -> underWay.get() == 1);
        add("1", "2", "3", "4", "5", "6", "x".repeat(15), "y".repeat(4), "z".repeat(2));

        wire.release(100);

        awaitTold(4);
        assertThat(sent)
                .containsExactly(
                        List.of("a"),
                        List.of("1", "2", "3", "4", "5"),
                        List.of("6", "x".repeat(15), "y".repeat(4)),
                        List.of("z".repeat(2)));
        // the turn is passed on before anybody is told, so the telling of two batches may cross
        assertThat(told).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(most).hasValue(1);
    }

    @Test
    void oneThatIsTooLargeGoesAlone() {
        add("a");
        await().until(() -> underWay.get() == 1);
        add("b", "L".repeat(30), "c");

        wire.release(100);

        awaitTold(4);
        assertThat(sent).containsExactly(List.of("a"), List.of("b"), List.of("L".repeat(30)), List.of("c"));
    }

    @Test
    void whoAddsToAFullBufferWaitsForRoom() throws InterruptedException {
        add("a");
        await().until(() -> underWay.get() == 1);
        add("b".repeat(20), "c".repeat(21)); // one more than may wait
        Thread blocked = Thread.ofPlatform().start(() -> add("d"));
        await().until(() -> blocked.getState() == Thread.State.WAITING);

        wire.release(100);

        blocked.join(30_000);
        assertThat(blocked.isAlive()).isFalse();
        awaitTold(4);
    }

    @Test
    void whoWaitsForTheResultSendsItself() {
        wire.release();

        commit.add("a", true);

        assertThat(senders).containsExactly(Thread.currentThread());
        assertThat(told).containsExactly(List.of("a"));
    }

    /** Between sending and hearing of it, it could be left without a carrier, and nobody else might send. */
    @Test
    void whomHandlersCanStarveLeavesSendingToOthers() throws InterruptedException {
        wire.release(100);

        Thread handler = Thread.ofVirtual().start(() -> {
            commit.add("a", true);
            commit.addAll(made(12, new AtomicInteger(), i -> {}));
        });

        assertThat(handler.join(Duration.ofSeconds(30))).isTrue();
        assertThat(commit.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(sent.stream().flatMap(List::stream)).hasSize(13);
        assertThat(senders).noneMatch(Thread::isVirtual);
    }

    @Test
    void whoAddsManySendsThemAndMakesTheNextWhileABatchIsOnTheWire() {
        List<Integer> madeWhenSent = new ArrayList<>();
        AtomicInteger made = new AtomicInteger();
        wire.release(100);

        List<String> left = commit.addAll(made(12, made, i -> {
            if (i % 5 == 0) {
                madeWhenSent.add(underWay.get());
            }
        }));

        assertThat(left).isEmpty();
        awaitTold(3);
        assertThat(sent)
                .containsExactly(
                        List.of("0", "1", "2", "3", "4"), List.of("5", "6", "7", "8", "9"), List.of("10", "11"));
        assertThat(madeWhenSent).containsExactly(0, 1, 1);
        assertThat(senders).containsOnly(Thread.currentThread());
        assertThat(most).hasValue(1);
    }

    private static Iterator<String> made(int n, AtomicInteger made, IntConsumer before) {
        return IntStream.range(0, n)
                .mapToObj(i -> {
                    before.accept(i);
                    made.incrementAndGet();
                    return String.valueOf(i);
                })
                .iterator();
    }

    @Test
    void whoAddsManyDoesNotWorkForOthersAfterwards() throws InterruptedException {
        Thread adding = Thread.ofPlatform().start(() -> commit.addAll(made(5, new AtomicInteger(), i -> {})));
        await().until(() -> underWay.get() == 1);
        add("x");

        wire.release(100);

        awaitTold(2);
        adding.join(30_000);
        assertThat(senders).first().isSameAs(adding);
        assertThat(senders).last().isNotSameAs(adding);
    }

    @Test
    void whatWasMadeBeforeAFailureIsSent() {
        wire.release(100);
        Iterator<String> failing = made(20, new AtomicInteger(), i -> {
            if (i == 7) {
                throw new IllegalArgumentException("no 7");
            }
        });

        assertThatThrownBy(() -> commit.addAll(failing)).hasMessage("no 7");

        awaitTold(2);
        assertThat(sent).containsExactly(List.of("0", "1", "2", "3", "4"), List.of("5", "6"));
    }

    @Test
    void whoAddsManyDoesNotMakeMoreThanHasRoom() {
        AtomicInteger ahead = new AtomicInteger();
        Iterator<String> large = IntStream.range(0, 40)
                .peek(i -> ahead.accumulateAndGet(i - sent.size(), Math::max)) // one goes into a batch, two are made
                .mapToObj(i -> String.valueOf(i % 10).repeat(15))
                .iterator();
        wire.release(100);

        commit.addAll(large);

        assertThat(commit.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(sent.stream().flatMap(List::stream)).hasSize(40);
        assertThat(ahead).hasValueLessThan(10);
    }

    @Test
    void whatMakesItemsCannotWaitForOneThatTravelsWithThem() {
        wire.release(100);

        assertThatThrownBy(() -> commit.addAll(made(20, new AtomicInteger(), i -> {
                    if (i == 7) {
                        commit.add("waits", true);
                    }
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot publish one and wait");
    }

    @Test
    void whatFailsOfManyIsTriedAgainOnAnotherThreadInOrder() {
        failures.set(2);
        wire.release(100);

        commit.addAll(made(23, new AtomicInteger(), i -> {}));

        assertThat(commit.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(sent.stream().flatMap(List::stream).map(Integer::valueOf))
                .containsExactlyElementsOf(IntStream.range(0, 23).boxed().toList());
        assertThat(List.copyOf(senders).subList(1, 3)).doesNotContain(Thread.currentThread());
    }

    @Test
    void closingReturnsToWhoAddsManyWhatWasNotAdded() throws Exception {
        CompletableFuture<List<String>> left = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> left.complete(commit.addAll(made(12, new AtomicInteger(), i -> {
                    if (i == 7) {
                        commit.close();
                    }
                }))));
        await().until(() -> underWay.get() == 1);
        wire.release(100);

        assertThat(left.get(30, TimeUnit.SECONDS)).containsExactly("5", "6", "7", "8", "9");
        assertThat(sent).containsExactly(List.of("0", "1", "2", "3", "4"));
    }

    @Test
    void whatFailsIsTriedAgainOnAnotherThreadAsItWas() {
        failures.set(3);
        wire.release(100);

        commit.add("a", true);
        commit.add("b", false);

        awaitTold(2);
        assertThat(sent).containsExactly(List.of("a"), List.of("b"));
        assertThat(senders).hasSize(5).startsWith(Thread.currentThread());
        assertThat(List.copyOf(senders).subList(1, 4)).doesNotContain(Thread.currentThread());
    }

    @Test
    void aCallbackMayAddAndWait() throws InterruptedException {
        wire.release(100);
        CountDownLatch both = new CountDownLatch(2);
        callback = () -> {
            if (both.getCount() == 2) {
                both.countDown();
                commit.add("from the callback", false);
                await().until(() -> sent.contains(List.of("from the callback")));
                both.countDown();
            }
        };

        add("a");

        assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(sent).contains(List.of("from the callback"));
    }

    @Test
    void manyThreadsLoseNothing() throws InterruptedException {
        wire.release(1_000_000);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            boolean here = t % 2 == 0;
            String name = t + "-";
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1_000; i++) {
                    commit.add(name + i, here);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(commit.awaitIdle(Duration.ofSeconds(30))).isTrue();
        List<String> all = sent.stream().flatMap(List::stream).toList();
        assertThat(all).hasSize(8_000).doesNotHaveDuplicates();
        assertThat(most).hasValue(1);
        for (int t = 0; t < 8; t++) {
            String name = t + "-";
            assertThat(all.stream()
                            .filter(item -> item.startsWith(name))
                            .map(item -> Integer.valueOf(item.substring(2))))
                    .isSorted();
        }
    }

    @Test
    void idleIsWhenNothingIsUnderWay() {
        assertThat(commit.awaitIdle(Duration.ZERO)).isTrue();
        add("a");

        assertThat(commit.awaitIdle(Duration.ofMillis(1))).isFalse();
        wire.release();
        assertThat(commit.awaitIdle(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void idleIsAlsoWhenAllHaveBeenTold() throws InterruptedException {
        wire.release();
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        callback = () -> {
            assertThat(commit.awaitIdle(Duration.ZERO)).isTrue(); // who is told now waits for the others only
            telling.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        add("a");
        assertThat(telling.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(commit.awaitIdle(Duration.ofMillis(1))).isFalse();
        go.countDown();
        assertThat(commit.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(told).hasSize(1);
    }

    @Test
    void closingReturnsWhatWasInNoBatch() throws InterruptedException {
        add("a");
        await().until(() -> underWay.get() == 1);
        add("b".repeat(41));
        Thread blocked = Thread.ofPlatform()
                .start(() -> assertThat(commit.add("d", false)).isFalse());
        await().until(() -> blocked.getState() == Thread.State.WAITING);

        assertThat(commit.close()).containsExactly("b".repeat(41));

        assertThat(commit.add("c", false)).isFalse();
        blocked.join(30_000);
        assertThat(blocked.isAlive()).isFalse();
        wire.release();
        awaitTold(1);
    }
}
