package dev.hark.cli.term;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** How times and durations are written on the command line. */
public final class Times {

    private static final Pattern SHORT = Pattern.compile("(\\d{1,18})(ms|s|m|h|d)");

    /** As Hark has it for delays; in nanoseconds it fits into a long, with room to add a time to it. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Times() {}

    public static Duration duration(String value) {
        Duration duration = read(value);
        if (duration.compareTo(LONGEST) > 0) {
            throw new TypeConversionException(
                    "'" + value + "' is not allowed: it must be at most " + LONGEST.toDays() + "d");
        }
        return duration;
    }

    private static Duration read(String value) {
        Matcher matcher = SHORT.matcher(value);
        try {
            return matcher.matches() ? duration(Long.parseLong(matcher.group(1)), matcher.group(2)) : iso(value);
        } catch (DateTimeException | ArithmeticException e) {
            throw new TypeConversionException(
                    "'" + value + "' is no duration; write 500ms, 10s, 5m, 2h, 1d, or ISO-8601 such as PT1H30M");
        }
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Duration iso(String value) {
        Duration duration = Duration.parse(value);
        if (duration.isNegative()) {
            throw new DateTimeException("negative");
        }
        return duration;
    }

    /** A time without an offset is refused, since it is another one on the machine of the next user. */
    public static Instant instant(String value) {
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + value
                    + "' is no time; write ISO-8601 with an offset, such as 2030-01-31T09:00:00Z or"
                    + " 2030-01-31T09:00:00+08:00");
        }
    }

    /** As {@link #duration} reads it, rounded to what a person cares about. */
    public static String show(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 2 * 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 2 * 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
