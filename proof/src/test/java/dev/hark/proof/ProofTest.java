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
        assertThat(verdict.times("workers killed")).isGreaterThanOrEqualTo(options.kills());
        assertThat(verdict.times("workers paused")).isEqualTo(options.pauses());
        assertThat(verdict.times("Redis killed")).isEqualTo(options.redisKills());
        assertThat(verdict.times("messages taken over")).isPositive();
        assertThat(verdict.dead()).isPositive();
    }

    private static Duration sweep(Options options) {
        return options.lease().dividedBy(3);
    }
}
