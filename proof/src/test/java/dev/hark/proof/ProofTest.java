package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A run with all kinds of faults, in the size that {@link Size} says. */
class ProofTest {

    @Test
    void everyPromiseHolds() throws Exception {
        Options options = Size.of();
        System.out.println(options);

        Verdict verdict = new Proof(options, System.out::println).run();

        System.out.println(verdict.text());
        assertThat(verdict.problems()).isEmpty();
        assertThat(options.lasting()).isGreaterThan(sweep(options).multipliedBy(5));
        assertThat(verdict.times("processes killed")).isGreaterThanOrEqualTo(options.kills());
        assertThat(verdict.times("workers paused")).isEqualTo(options.pauses());
        assertThat(verdict.times("held half-open")).isEqualTo(options.cutOffs());
        assertThat(verdict.times("connections cut")).isGreaterThanOrEqualTo(options.cuts());
        assertThat(verdict.times("slowed down")).isEqualTo(options.slowdowns());
        assertThat(verdict.times("Redis killed")).isEqualTo(options.redisKills());
        assertThat(verdict.times("clock of Redis stepped")).isGreaterThanOrEqualTo(options.clockSteps());
        assertThat(verdict.times("heaps filled")).isEqualTo(options.fullHeaps());
        assertThat(verdict.times("endless handlers")).isEqualTo(options.endless());
        assertThat(verdict.times("replicas missed")).isEqualTo(options.unreplicated());
        assertThat(verdict.times("idle connections closed")).isEqualTo(options.idle());
        assertThat(verdict.times("messages taken over")).isPositive();
        assertThat(verdict.times("publishes answered again") + verdict.times("outcomes answered again"))
                .isPositive();
        assertThat(verdict.dead()).isPositive();
        if (Size.full()) { // in a short run the others may not have been well for long enough to judge
            assertThat(verdict.times("leases lapsed")).isPositive();
            assertThat(verdict.times("late outcomes refused")).isPositive();
            assertThat(verdict.times("publishes answered again")).isPositive();
            assertThat(verdict.times("outcomes answered again")).isPositive();
        }
    }

    private static Duration sweep(Options options) {
        return options.lease().dividedBy(3);
    }
}
