package dev.hark.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final GroupCommit<String> commit =
            new GroupCommit<>(new TestEnv().running(), 5, 20, 40, String::length, Frozen::new);

    private final class Frozen implements GroupCommit.Batch {
        private final List<String> items;

        Frozen(List<String> items) {
            this.items = items;
        }

        @Override
        public boolean attempt() {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
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
    void whoAddsToAfullBufferWaitsForRoom() throws InterruptedException {
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
    void acallbackMayAddAndWait() throws InterruptedException {
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
