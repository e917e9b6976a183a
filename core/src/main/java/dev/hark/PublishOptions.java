package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.message.Utf8;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How one message is published; immutable, each method that sets something returns a copy. Starts with {@link Publish}. */
public final class PublishOptions {

    /** No options: hand out as soon as possible. */
    public static final PublishOptions NONE = new PublishOptions(Map.of());

    private static final Option<Duration> DELAY = new Option<>("delay", Delays::check);
    private static final Option<Instant> AT = new Option<>("at", PublishOptions::check);
    private static final Option<String> KEY = new Option<>("key", key -> check("the key", key));
    private static final Option<String> TYPE = new Option<>("type", type -> check("the type", type));
    private static final Option<Map<String, String>> HEADERS = new Option<>("headers", PublishOptions::check);
    private static final Option<Durability> DURABILITY = new Option<>("durability", Objects::requireNonNull);
    private static final Option<Boolean> FAILS_BELOW = new Option<>("failsBelow", Objects::requireNonNull);

    private record Option<T>(String name, Consumer<T> check) {

        @Override
        public String toString() {
            return name;
        }
    }

    private final Map<Option<?>, Object> values;

    private PublishOptions(Map<Option<?>, Object> values) {
        this.values = values;
    }

    @SuppressWarnings("unchecked") // put there by with()
    private <T> @Nullable T get(Option<T> option) {
        return (T) values.get(option);
    }

    private <T> PublishOptions with(Option<T> option, T value) {
        Map<Option<?>, Object> changed = new HashMap<>(values);
        option.check.accept(value);
        changed.put(option, value);
        return new PublishOptions(changed);
    }

    private PublishOptions without(Option<?> option) {
        Map<Option<?>, Object> changed = new HashMap<>(values);
        changed.remove(option);
        return new PublishOptions(changed);
    }

    /** Hand out no earlier than this long from now, or null; of this and {@link #at()} the later call wins. */
    public @Nullable Duration delay() {
        return get(DELAY);
    }

    /** See {@link Publish#after}. */
    public PublishOptions after(Duration delay) {
        return without(AT).with(DELAY, delay);
    }

    /** Hand out no earlier than this time, or null. */
    public @Nullable Instant at() {
        return get(AT);
    }

    /** See {@link Publish#at}. */
    public PublishOptions at(Instant at) {
        return without(DELAY).with(AT, at);
    }

    /** The message's key, or null. */
    public @Nullable String key() {
        return get(KEY);
    }

    /** See {@link Publish#key}. */
    public PublishOptions key(String key) {
        return with(KEY, key);
    }

    /** A free label, or null. */
    public @Nullable String type() {
        return get(TYPE);
    }

    /** See {@link Publish#type}. */
    public PublishOptions type(String type) {
        return with(TYPE, type);
    }

    /** Unmodifiable, in the order in which they were given. */
    public Map<String, String> headers() {
        return Objects.requireNonNullElse(get(HEADERS), Map.of());
    }

    /** Adds a header; one of the same name is replaced. See {@link Publish#header}. */
    public PublishOptions header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers());
        more.put(name, value);
        return with(HEADERS, Collections.unmodifiableMap(more));
    }

    /** How safe the message should be, or null for what is set for the queue. */
    public @Nullable Durability durability() {
        return get(DURABILITY);
    }

    /** See {@link Publish#durability}. */
    public PublishOptions durability(Durability durability) {
        return with(DURABILITY, durability);
    }

    /** Whether publishing fails if less than that is reached, as it also does if the queue is strict. */
    public boolean failsBelow() {
        return get(FAILS_BELOW) != null;
    }

    /** See {@link Publish#strict}. */
    public PublishOptions strict() {
        return with(FAILS_BELOW, true);
    }

    private static void check(Instant at) {
        if (at.isBefore(Instant.EPOCH) || at.isAfter(Instant.now().plus(Delays.MAX))) {
            throw new InvalidInputException(
                    "time " + at + " is not allowed: it must be between 1970 and 100 years from now");
        }
    }

    private static void check(Map<String, String> headers) {
        headers.forEach((name, value) -> {
            check("the name of a header", name);
            check("header " + name, value);
        });
    }

    /** It must come out as it went in, and half of a character cannot. */
    private static void check(String what, String text) {
        int lone = Utf8.lone(text);
        if (lone >= 0) {
            throw new InvalidInputException(what + " is not allowed: at " + lone
                    + " it has half of a character, a surrogate without the other one");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublishOptions same && values.equals(same.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** What is not as in {@link #NONE}. */
    @Override
    public String toString() {
        return "PublishOptions" + values;
    }
}
