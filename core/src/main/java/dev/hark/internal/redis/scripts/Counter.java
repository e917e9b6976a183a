package dev.hark.internal.redis.scripts;

import dev.hark.admin.QueueInfo;
import java.util.Locale;

/** What the scripts count of a queue, each a field of its hash {@code stats}. {@link QueueInfo} says what each means. */
public enum Counter {
    PUBLISHED,
    DONE,
    RETRIED,
    RECOVERED,
    REFUSED,
    DELETED,
    DROPPED,
    COPIES,
    /** Messages that were given an id since they were due later. */
    DELAYED,
    /** Entries that are settled and still in the stream. */
    LISTED;

    /** The field's name. */
    public String field() {
        return name().toLowerCase(Locale.ROOT);
    }
}
