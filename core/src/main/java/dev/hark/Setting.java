package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A setting that a queue can have. This is the table of all of them: stores, the command line and their tests go over
 * {@link #ALL}. Values are in {@link QueueSettings}, which has a method for each.
 *
 * @param <T> the type of its values
 */
public final class Setting<T> {

    private static final List<Setting<?>> TABLE = new ArrayList<>(); // before its rows

    /** See {@link QueueSettings#maxLength}. */
    public static final Setting<Long> MAX_LENGTH = add(
            "maxLength",
            0L,
            Setting::length,
            Object::toString,
            Setting::checkLength,
            "N",
            "How many messages may wait, those due later included; 0 for no limit.");

    /** See {@link QueueSettings#overflow}. */
    public static final Setting<Overflow> OVERFLOW = add(
            "overflow",
            Overflow.REJECT,
            Setting::overflow,
            overflow -> overflow.name().toLowerCase(Locale.ROOT),
            Objects::requireNonNull,
            "WHAT",
            "When it is full: reject what is published, block for up to 30 s, or drop-oldest. Default: reject.");

    /** See {@link QueueSettings#durability}. */
    public static final Setting<Durability> DURABILITY = add(
            "durability",
            Durability.MEMORY,
            Durability::parse,
            Object::toString,
            Objects::requireNonNull,
            "LEVEL",
            "How safe a published message should be: memory, fsynced, or replicated(N) by so many replicas."
                    + " Default: memory.");

    /** See {@link QueueSettings#strict}. */
    public static final Setting<Boolean> STRICT = add(
            "strict",
            false,
            Setting::flag,
            Object::toString,
            Objects::requireNonNull,
            "",
            "Whether publishing fails when that is not reached; otherwise the receipt says what was.");

    /** All settings. */
    public static final List<Setting<?>> ALL = List.copyOf(TABLE);

    private static final long LONGEST = 1_000_000_000_000L;

    private final String name;
    private final T byDefault;
    private final Function<String, T> parse;
    private final Function<T, String> format;
    private final Consumer<T> check;
    private final String label;
    private final String description;

    private Setting(
            String name,
            T byDefault,
            Function<String, T> parse,
            Function<T, String> format,
            Consumer<T> check,
            String label,
            String description) {
        this.name = name;
        this.byDefault = byDefault;
        this.parse = parse;
        this.format = format;
        this.check = check;
        this.label = label;
        this.description = description;
    }

    private static <T> Setting<T> add(
            String name,
            T byDefault,
            Function<String, T> parse,
            Function<T, String> format,
            Consumer<T> check,
            String label,
            String description) {
        Setting<T> setting = new Setting<>(name, byDefault, parse, format, check, label, description);
        TABLE.add(setting);
        return setting;
    }

    /** Its name in Redis. */
    public String name() {
        return name;
    }

    /** Its value where nobody has set one. */
    public T byDefault() {
        return byDefault;
    }

    /** What its value is called where it is asked for, {@code N} for example; empty for what is only on or off. */
    public String label() {
        return label;
    }

    /** What it does, in a sentence or two. */
    public String description() {
        return description;
    }

    /** Refuses a value that is not allowed with {@link InvalidInputException}. */
    T checked(T value) {
        check.accept(value);
        return value;
    }

    /** Reads a value as {@link #format} writes it, or refuses it with {@link InvalidInputException}. */
    T parse(String text) {
        return checked(parse.apply(text));
    }

    String format(T value) {
        return format.apply(value);
    }

    @Override
    public String toString() {
        return name;
    }

    private static long length(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("maxLength '" + Names.shown(text) + "' is no whole number");
        }
    }

    private static void checkLength(long length) {
        if (length < 0 || length > LONGEST) {
            throw new InvalidInputException(
                    "maxLength " + length + " is not allowed: it must be between 0 (unbounded) and " + LONGEST);
        }
    }

    private static Overflow overflow(String text) {
        String name = text.replace('-', '_').toUpperCase(Locale.ROOT);
        return Arrays.stream(Overflow.values())
                .filter(overflow -> overflow.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "'" + Names.shown(text) + "' is not one of reject, block, drop-oldest"));
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidInputException("'" + Names.shown(text) + "' is not one of true, false");
        };
    }
}
