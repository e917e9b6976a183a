package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a failed message is tried again. */
class RetryPolicyTest {

    private final Throwable error = new IllegalStateException("no luck");

    /** The lot is always the highest. */
    private static final RandomGenerator HIGHEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return -1;
        }
    };

    private long wait(RetryPolicy policy, int attempt, RandomGenerator random) {
        return switch (policy.decide(attempt, error, random)) {
            case Outcome.Retry(Duration after, String reason) -> after.toMillis();
            default -> -1;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000",
        "2, 2000",
        "3, 4000",
        "4, 8000",
        "9, 256000",
        "10, -1",
        "11, -1",
        "2147483647, -1",
    })
    void exponential(int attempt, long millis) {
        assertThat(wait(RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0), attempt, HIGHEST))
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "12, 2048000", "13, 3600000", "100, 3600000", "100000, 3600000"})
    void exponentialWithoutEnd(int attempt, long millis) {
        RetryPolicy policy =
                RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0).maxAttempts(Integer.MAX_VALUE);

        assertThat(wait(policy, attempt, HIGHEST)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 500", "3, -1"})
    void fixed(int attempt, long millis) {
        assertThat(wait(RetryPolicy.fixed(Duration.ofMillis(500)).maxAttempts(3), attempt, HIGHEST))
                .isEqualTo(millis);
    }

    @Test
    void none() {
        assertThat(RetryPolicy.none().decide(1, error, HIGHEST))
                .isEqualTo(Outcome.dead("java.lang.IllegalStateException: no luck"));
    }

    @ParameterizedTest
    @CsvSource({"0, 1000, 1000", "0.2, 800, 1000", "1, 0, 1000"})
    void jitterShortensTheWait(double jitter, long least, long most) {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(jitter);
        Random random = new Random(1);

        for (int i = 0; i < 1_000; i++) {
            assertThat(wait(policy, 1, random)).isBetween(least, most);
        }
        assertThat(wait(policy, 1, HIGHEST)).isEqualTo(least);
    }

    @Test
    void aLongFirstWaitIsNotCut() {
        assertThat(wait(RetryPolicy.exponential(Duration.ofHours(5)).jitter(0), 2, HIGHEST))
                .isEqualTo(Duration.ofHours(5).toMillis());
    }

    @Test
    void theFirstRuleThatMatchesIsAsked() {
        RetryPolicy policy = RetryPolicy.fixed(Duration.ofMillis(1))
                .on(FileNotFoundException.class, RetryPolicy.none())
                .on(IOException.class, RetryPolicy.fixed(Duration.ofMillis(2)))
                .on(Exception.class, RetryPolicy.fixed(Duration.ofMillis(3)).maxAttempts(2));

        assertThat(policy.decide(1, new FileNotFoundException("x"), HIGHEST)).isInstanceOf(Outcome.Dead.class);
        assertThat(policy.decide(1, new IOException("x"), HIGHEST))
                .isEqualTo(Outcome.retry(Duration.ofMillis(2), "java.io.IOException: x"));
        assertThat(policy.decide(1, error, HIGHEST))
                .isEqualTo(Outcome.retry(Duration.ofMillis(3), "java.lang.IllegalStateException: no luck"));
        assertThat(policy.decide(2, error, HIGHEST)).isInstanceOf(Outcome.Dead.class);
        assertThat(policy.decide(1, new AssertionError(), HIGHEST))
                .isEqualTo(Outcome.retry(Duration.ofMillis(1), "java.lang.AssertionError"));
        assertThat(policy.mostAttempts()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "PT-1S, 2, PT1H, 0.2, 10, PT-1S",
        "PT1S, 0.5, PT1H, 0.2, 10, 0.5",
        "PT1S, 2, PT-1H, 0.2, 10, PT-1H",
        "PT1S, 2, PT1H, 1.1, 10, 1.1",
        "PT1S, 2, PT1H, NaN, 10, NaN",
        "PT1S, 2, PT1H, 0.2, 0, 0"
    })
    void badValuesAreRefused(Duration first, double factor, Duration max, double jitter, int attempts, String named) {
        assertThatThrownBy(() -> new RetryPolicy(first, factor, max, jitter, attempts, List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(named);
    }
}
