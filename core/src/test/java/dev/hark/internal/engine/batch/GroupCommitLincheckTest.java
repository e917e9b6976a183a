package dev.hark.internal.engine.batch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Publishing through a {@link GroupCommit} looks as if each message were sent at one instant between call and return,
 * whatever the interleaving: the place at which it was sent, or -1 when it was closed before.
 */
public final class GroupCommitLincheckTest {

    /** For one interleaving; a machine may be busy. Only in name is it for Lincheck alone. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private record Item(CompletableFuture<Integer> place) {}

    /** The wire: only one batch is on it at a time, or this breaks. */
    private int onTheWire;

    private volatile int sent; // written by whoever is sending
    private final GroupCommit<Item> commit = new GroupCommit<>(
            new Env(() -> 0, Threads.PLATFORM, new Random(1), () -> "", Runnable::run, Runnable::run, event -> {}),
            // all that waits goes together: two items of one call would else be parted by a close in between
            new BatchLimits<>(100, 100, item -> 1, item -> 1),
            100,
            Places::new);

    private final class Places implements GroupCommit.Batch {
        private final List<Item> items;
        private int first;

        Places(List<Item> items) {
            this.items = items;
        }

        @Override
        public boolean attempt(Runnable meanwhile) {
            if (onTheWire++ != 0) {
                throw new IllegalStateException("two batches on the wire");
            }
            meanwhile.run();
            first = sent;
            sent = first + items.size();
            onTheWire--;
            return true;
        }

        @Override
        public void tell() {
            for (int i = 0; i < items.size(); i++) {
                items.get(i).place.complete(first + i);
            }
        }
    }

    @Operation
    public int add() {
        Item item = new Item(new CompletableFuture<>());
        return commit.add(item, true) ? item.place.join() : -1;
    }

    /** As many as one batch takes: these are sent or refused together. */
    @Operation
    public List<Integer> addTwo() {
        List<Item> items = List.of(new Item(new CompletableFuture<>()), new Item(new CompletableFuture<>()));
        commit.addAll(items.iterator()).forEach(item -> item.place.complete(-1));
        return items.stream().map(item -> item.place.join()).toList();
    }

    /** How many have been sent, once nothing is under way. */
    @Operation
    public int flush() {
        if (!commit.awaitIdle(Duration.ofHours(1))) {
            throw new IllegalStateException("an hour is over, or somebody has interrupted");
        }
        return sent;
    }

    @Operation
    public void close() {
        commit.close().forEach(item -> item.place.complete(-1));
    }

    @Test
    void modelChecking() {
        interleavings(2).check(GroupCommitLincheckTest.class);
        interleavings(3).check(GroupCommitLincheckTest.class);
    }

    @Test
    void stress() {
        stressing().check(GroupCommitLincheckTest.class);
    }

    /** A race in what the test itself shares is found. */
    @Test
    void aRaceIsFound() {
        assertThatThrownBy(() -> interleavings(3).check(Unguarded.class)).isInstanceOf(LincheckAssertionError.class);
    }

    /** Sends without a {@link GroupCommit} in front of it. */
    public static final class Unguarded {

        private int sent;

        @Operation
        public int add() {
            return sent++;
        }
    }

    /** Of two threads so many that two who send at once are found; of three as many as there is time for. */
    private static ModelCheckingOptions interleavings(int threads) {
        return new ModelCheckingOptions()
                .iterations(threads == 2 ? 5 : 3)
                .invocationsPerIteration(threads == 2 ? 200 : 50)
                .threads(threads)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .invocationTimeout$lincheck(PATIENCE.toMillis());
    }

    private static StressOptions stressing() {
        return new StressOptions()
                .iterations(5)
                .invocationsPerIteration(2_000)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .invocationTimeout$lincheck(PATIENCE.toMillis());
    }
}
