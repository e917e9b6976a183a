package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Thrown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * When a failed message is tried again, and when it is given up; immutable, each method returns a copy.
 *
 * @param first the wait after the first failed attempt
 * @param factor what each further wait is multiplied with; 1 for a fixed wait
 * @param maxDelay no wait is longer
 * @param jitter how much of a wait is drawn by lot, 0 to 1, so that what failed together does not come back together
 * @param maxAttempts after this many failed attempts the message goes to the dead letters
 * @param rules policies for types of exceptions; the first that matches is asked instead of this one
 */
public record RetryPolicy(
        Duration first, double factor, Duration maxDelay, double jitter, int maxAttempts, List<Rule> rules) {

    /**
     * A policy for a type of exception.
     *
     * @param type the exception or a supertype of it
     * @param policy what is asked when it is thrown
     */
    public record Rule(Class<? extends Throwable> type, RetryPolicy policy) {

        /** Refuses null: that would show only when something is thrown. */
        public Rule {
            Objects.requireNonNull(type);
            Objects.requireNonNull(policy);
        }
    }

    /** Ten attempts, waiting from one second to one hour, a fifth of it by lot. */
    public static final RetryPolicy DEFAULT = exponential(Duration.ofSeconds(1));

    /** Checks the values. */
    public RetryPolicy {
        Delays.check(first);
        Delays.check(maxDelay);
        if (!(factor >= 1 && factor <= 100)) {
            throw new InvalidInputException("factor " + factor + " is not allowed: it must be between 1 and 100");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new InvalidInputException("jitter " + jitter + " is not allowed: it must be between 0 and 1");
        }
        if (maxAttempts < 1) {
            throw new InvalidInputException("maxAttempts " + maxAttempts + " is not allowed: it must be at least 1");
        }
        rules = List.copyOf(rules);
    }

    /** Waits that double from the given one up to an hour, a fifth of each by lot; ten attempts. */
    public static RetryPolicy exponential(Duration first) {
        Duration max = first.compareTo(Duration.ofHours(1)) > 0 ? first : Duration.ofHours(1);
        return new RetryPolicy(first, 2, max, 0.2, 10, List.of());
    }

    /** The same wait after each attempt; ten attempts. */
    public static RetryPolicy fixed(Duration delay) {
        return new RetryPolicy(delay, 1, delay, 0, 10, List.of());
    }

    /** No second attempt: the first failure is final. */
    public static RetryPolicy none() {
        return fixed(Duration.ZERO).maxAttempts(1);
    }

    /** Limits how often a message is tried in all. */
    public RetryPolicy maxAttempts(int maxAttempts) {
        return new RetryPolicy(first, factor, maxDelay, jitter, maxAttempts, rules);
    }

    /** Limits the wait between two attempts. */
    public RetryPolicy maxDelay(Duration maxDelay) {
        return new RetryPolicy(first, factor, maxDelay, jitter, maxAttempts, rules);
    }

    /** Sets how much of each wait is drawn by lot, from 0 (none) to 1 (all). */
    public RetryPolicy jitter(double jitter) {
        return new RetryPolicy(first, factor, maxDelay, jitter, maxAttempts, rules);
    }

    /** Asks another policy when this type of exception is thrown, {@link #none()} for one that never heals. */
    public RetryPolicy on(Class<? extends Throwable> type, RetryPolicy policy) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(type, policy));
        return new RetryPolicy(first, factor, maxDelay, jitter, maxAttempts, more);
    }

    /**
     * Decides after a failed attempt.
     *
     * @param attempt the attempt that failed, from 1
     * @param error what it threw
     * @param random source of the jitter
     * @return a retry, or dead when the attempts are used up
     */
    public Outcome decide(int attempt, Throwable error, RandomGenerator random) {
        for (Rule rule : rules) {
            if (rule.type().isInstance(error)) {
                return rule.policy().decide(attempt, error, random);
            }
        }
        String what = Thrown.describe(error);
        return attempt >= maxAttempts ? new Outcome.Dead(what) : new Outcome.Retry(delay(attempt, random), what);
    }

    /** How often a message may be tried at most, whatever is thrown. */
    public int mostAttempts() {
        return rules.stream().mapToInt(rule -> rule.policy().mostAttempts()).reduce(maxAttempts, Math::max);
    }

    private Duration delay(int attempt, RandomGenerator random) {
        double wait =
                Math.min((double) first.toMillis() * Math.pow(factor, attempt - 1.0), (double) maxDelay.toMillis());
        return Duration.ofMillis(Math.round(wait * (1 - jitter * random.nextDouble())));
    }
}
