package dev.hark;

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
}
