package dev.hark;

import dev.hark.error.NotDurableException;
import java.time.Duration;
import java.time.Instant;

/** Starters for {@link PublishOptions}: {@code Publish.after(Duration.ofMinutes(5)).header("k", "v")}. */
public final class Publish {

    private Publish() {}

    /** Publishes so that the message is handed out no earlier than this long from now, by Redis's clock. */
    public static PublishOptions after(Duration delay) {
        return PublishOptions.NONE.after(delay);
    }

    /** Publishes so that the message is handed out no earlier than this time, by Redis's clock. */
    public static PublishOptions at(Instant time) {
        return PublishOptions.NONE.at(time);
    }

    /** Publishes with a key, which its handler sees as {@link Message#key}. */
    public static PublishOptions key(String key) {
        return PublishOptions.NONE.key(key);
    }

    /** Publishes with a header. */
    public static PublishOptions header(String name, String value) {
        return PublishOptions.NONE.header(name, value);
    }

    /** Publishes with a type, a free label which its handler sees as {@link Message#type}. */
    public static PublishOptions type(String type) {
        return PublishOptions.NONE.type(type);
    }

    /**
     * Publishes so that the message is this safe, whatever is set for the queue; waits for it up to three seconds. The
     * receipt says what was reached, which may be less: see {@link #strict}.
     */
    public static PublishOptions durability(Durability durability) {
        return PublishOptions.NONE.durability(durability);
    }

    /**
     * Publishes so that it fails with {@link NotDurableException} if the message does not become as safe as asked with
     * {@link #durability}, or as is set for the queue. The message is published all the same.
     */
    public static PublishOptions strict() {
        return PublishOptions.NONE.strict();
    }
}
