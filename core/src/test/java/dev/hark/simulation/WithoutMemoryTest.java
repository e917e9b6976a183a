package dev.hark.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever the engine asks of others, in a short run with all that happens to messages, ends with an OutOfMemoryError once:
 * each of its calls in turn. Nothing that was taken stays taken. {@code -Dhark.memless.call=N} plays one of the calls alone.
 */
class WithoutMemoryTest {

    /** More than a run has. */
    private static final int MOST_CALLS = 50_000;

    @BeforeAll
    static void threadsCanBeSteered() {
        assumeTrue(Steered.available(), "this JDK has no virtual threads that a test can steer");
    }

    @Test
    void withMemoryAllGoesWell() {
        assertThat(new Memless(Memless.How.BEFORE, MOST_CALLS).run()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whereverThereIsNoneForOnceNothingTakenStaysTaken(Memless.How how) {
        List<String> faults = new ArrayList<>();
        int from = Integer.getInteger("hark.memless.call", 1);
        int to = Integer.getInteger("hark.memless.call", MOST_CALLS);
        boolean reached = true;
        for (int call = from; call <= to && reached; call++) {
            Memless memless = new Memless(how, call);
            String at = "call " + call + ": ";
            memless.run().forEach(fault -> faults.add(at + memless.where() + ": " + fault));
            reached = memless.where() != null;
        }

        assertThat(reached).as("a run is longer than expected").isEqualTo(from == to);
        assertThat(faults.subList(0, Math.min(10, faults.size())))
                .as("%d faults", faults.size())
                .isEmpty();
    }
}
