package dev.hark;

import dev.hark.error.InvalidInputException;
import java.time.Duration;

/** The one rule for delays: not negative, and below 100 years, so that a due time keeps 13 digits. */
final class Delays {

    static final Duration MAX = Duration.ofDays(36_500);

    private Delays() {}

    static Duration check(Duration delay) {
        if (delay.isNegative() || delay.compareTo(MAX) > 0) {
            throw new InvalidInputException(
                    "delay " + delay + " is not allowed: it must be between 0 and " + MAX.toDays() + " days");
        }
        return delay;
    }
}
