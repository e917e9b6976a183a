package dev.hark;

import dev.hark.internal.engine.Utf8;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one message is published; immutable, each method returns a copy. Starts with {@link Publish}.
 *
 * @param delay hand out no earlier than this long from now, or null
 * @param at hand out no earlier than this time, or null; of {@code delay} and {@code at} the later call wins
 * @param key the message's key, or null
 * @param type a free label, or null
 * @param headers unmodifiable, in the order in which they were given
 * @param durability how safe the message should be, or null for what is set for the queue
 * @param failsBelow whether publishing fails if less than that is reached, as it also does if the queue is strict
 */
public record PublishOptions(
        @Nullable Duration delay,
        @Nullable Instant at,
        @Nullable String key,
        @Nullable String type,
        Map<String, String> headers,
        @Nullable Durability durability,
        boolean failsBelow) {

    /** No options: hand out as soon as possible. */
    public static final PublishOptions NONE = new PublishOptions(null, null, null, null, Map.of(), null, false);

    /** Checks the values, which must be text without halves of characters, and takes an unmodifiable copy of the headers. */
    public PublishOptions {
        if (delay != null) {
            Delays.check(delay);
        }
        if (at != null
                && (at.isBefore(Instant.EPOCH) || at.isAfter(Instant.now().plus(Delays.MAX)))) {
            throw new InvalidInputException(
                    "time " + at + " is not allowed: it must be between 1970 and 100 years from now");
        }
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        whole("the key", key);
        whole("the type", type);
        headers.forEach((name, value) -> {
            whole("the name of a header", name);
            whole("header " + name, value);
        });
    }

    /** It must come out as it went in, and half of a character cannot. */
    private static void whole(String what, @Nullable String text) {
        int lone = text == null ? -1 : Utf8.lone(text);
        if (lone >= 0) {
            throw new InvalidInputException(what + " is not allowed: at " + lone
                    + " it has half of a character, a surrogate without the other one");
        }
    }

    /** See {@link Publish#after}. */
    public PublishOptions after(Duration delay) {
        return new PublishOptions(delay, null, key, type, headers, durability, failsBelow);
    }

    /** See {@link Publish#at}. */
    public PublishOptions at(Instant at) {
        return new PublishOptions(null, at, key, type, headers, durability, failsBelow);
    }

    /** See {@link Publish#key}. */
    public PublishOptions key(String key) {
        return new PublishOptions(delay, at, Objects.requireNonNull(key), type, headers, durability, failsBelow);
    }

    /** See {@link Publish#type}. */
    public PublishOptions type(String type) {
        return new PublishOptions(delay, at, key, Objects.requireNonNull(type), headers, durability, failsBelow);
    }

    /** Adds a header; one of the same name is replaced. See {@link Publish#header}. */
    public PublishOptions header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(Objects.requireNonNull(name), Objects.requireNonNull(value));
        return new PublishOptions(delay, at, key, type, more, durability, failsBelow);
    }

    /** See {@link Publish#durability}. */
    public PublishOptions durability(Durability durability) {
        return new PublishOptions(delay, at, key, type, headers, Objects.requireNonNull(durability), failsBelow);
    }

    /** See {@link Publish#strict}. */
    public PublishOptions strict() {
        return new PublishOptions(delay, at, key, type, headers, durability, true);
    }
}
