package dev.hark.internal.engine;

/** One outcome on its way into the store. Each applies only if the session still holds the entry. */
public sealed interface Settlement {

    /** The entry that the outcome is about. */
    String entry();

    /** Finished. */
    record Done(String entry, boolean foreign) implements Settlement {}

    /** Hand the message out again after a time, the attempt burnt and noted. */
    record Retry(String entry, long delayMillis, String error) implements Settlement {}

    /** Hand the message out again after a time, the attempt not burnt. */
    record Snooze(String entry, long delayMillis) implements Settlement {}

    /** Hand the message out again at once, as if it had never been claimed. */
    record Release(String entry) implements Settlement {}

    /** Hand the entry out again after a time, untouched. */
    record Park(String entry, long delayMillis) implements Settlement {}

    /** Give the message up; {@code burnt} says whether an attempt was made that is to be counted and noted. */
    record Bury(String entry, String reason, boolean burnt) implements Settlement {}
}
