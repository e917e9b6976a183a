package dev.hark.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimulationTest {

    @BeforeAll
    static void threadsCanBeSteered() {
        assumeTrue(Steered.available(), "this JDK has no virtual threads that a test can steer");
    }

    @Test
    void whateverHappensNothingIsLostAndNothingIsDoneTwice() {
        long first = Long.getLong("hark.simulation.first", 0);
        long count = Long.getLong("hark.simulation.seeds", 10_000);
        long begin = System.nanoTime();
        Map<String, Integer> all = new TreeMap<>();
        int failed = 0;
        for (long seed = first; seed < first + count; seed++) {
            Simulation.Result result =
                    Simulation.run(seed, UnaryOperator.identity(), Boolean.getBoolean("hark.simulation.told"));
            result.happened().forEach((what, times) -> all.merge(what, times, Integer::sum));
            if (!result.violations().isEmpty()) {
                System.out.println(result);
                if (++failed > 10) break;
            }
        }
        System.out.println(all);
        System.out.println((System.nanoTime() - begin) / 1e9 + " s");
        assertThat(failed).isZero();
    }

    @Test
    void aSeedReplays() {
        LongStream.range(0, 50)
                .forEach(seed -> assertThat(Simulation.run(seed, UnaryOperator.identity(), false)
                                .trace())
                        .isEqualTo(Simulation.run(seed, UnaryOperator.identity(), false)
                                .trace()));
    }
}
