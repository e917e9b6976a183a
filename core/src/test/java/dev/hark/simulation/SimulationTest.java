package dev.hark.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hark.internal.engine.Store;
import dev.hark.simulation.Simulation.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What must hold whatever happens, tried on many seeds. {@code -Dhark.simulation.seed=N} replays one and prints what
 * happens in it; {@code -Dhark.simulation.seeds=N} tries that many, from {@code -Dhark.simulation.first=N} on.
 */
class SimulationTest {

    private static final int SHOWN = 5;

    /** What the seeds of a build must have brought about, or they prove little. */
    private static final List<String> EVERYTHING = List.of(
            "Fenced",
            "LateResult",
            "SessionLost",
            "attempts used up by crashes",
            "hand-over from a session",
            "outcome refused",
            "publish answered Full",
            "publish repeated",
            "receipt NOT_PUBLISHED",
            "receipt UNKNOWN",
            "released",
            "settle repeated",
            "takeover CLOSED",
            "takeover LAPSED");

    @BeforeAll
    static void threadsCanBeSteered() {
        assumeTrue(
                Steered.available(),
                "virtual threads cannot be steered: another JDK than 21 to 25, or no --add-opens java.base/java.lang");
    }

    private static Result run(long seed, UnaryOperator<Store> flaw) {
        return Simulation.run(seed, flaw, false);
    }

    @Test
    void nothingIsLostAndNothingIsDoneTwice() throws InterruptedException {
        Long one = Long.getLong("hark.simulation.seed");
        if (one != null) {
            Result result = Simulation.run(one, UnaryOperator.identity(), true);
            assertThat(result.violations()).as("seed %d", one).isEmpty();
            return;
        }
        long count = Long.getLong("hark.simulation.seeds", 10_000);
        Seeds seeds = new Seeds(Long.getLong("hark.simulation.first", 0), count);

        seeds.run();

        assertThat(seeds.failed)
                .as("seeds that failed; replay one with -Dhark.simulation.seed=N")
                .isEmpty();
        if (count >= 10_000) {
            assertThat(seeds.happened()).containsKeys(EVERYTHING.toArray(String[]::new));
        }
    }

    /** Some seeds in a row, on two threads. */
    private static final class Seeds {

        private final AtomicLong next;
        private final long end;
        private final List<Map<String, Integer>> happened = new ArrayList<>();
        final ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();

        Seeds(long first, long count) {
            next = new AtomicLong(first);
            end = first + count;
        }

        void run() throws InterruptedException {
            List<Thread> threads = Stream.generate(() -> Thread.ofPlatform().unstarted(this::work))
                    .limit(2)
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }

        private void work() {
            Map<String, Integer> mine = new TreeMap<>();
            for (long seed = next.getAndIncrement();
                    seed < end && failed.size() < SHOWN;
                    seed = next.getAndIncrement()) {
                try {
                    Result result = SimulationTest.run(seed, UnaryOperator.identity());
                    result.happened().forEach((what, times) -> mine.merge(what, times, Integer::sum));
                    if (!result.violations().isEmpty()) {
                        failed.add("seed " + seed + ": " + result.violations());
                    }
                } catch (RuntimeException | Error e) {
                    failed.add("seed " + seed + ": " + e);
                }
            }
            synchronized (happened) {
                happened.add(mine);
            }
        }

        Map<String, Integer> happened() {
            Map<String, Integer> all = new TreeMap<>();
            happened.forEach(some -> some.forEach((what, times) -> {
                if (times > 0) {
                    all.merge(what, times, Integer::sum);
                }
            }));
            return all;
        }
    }

    @Test
    void aSeedReplays() {
        for (long seed = 0; seed < 30; seed++) {
            assertThat(run(seed, UnaryOperator.identity())).isEqualTo(run(seed, UnaryOperator.identity()));
        }
        assertThat(LongStream.range(0, 30)
                        .map(seed -> run(seed, UnaryOperator.identity()).trace()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void aFlawOfTheStoreIsFound(Flaw flaw) {
        assertThat(LongStream.range(0, 500)
                        .anyMatch(seed -> !run(seed, flaw).violations().isEmpty()))
                .isTrue();
    }
}
