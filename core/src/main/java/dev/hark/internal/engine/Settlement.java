package dev.hark.internal.engine;

/** One outcome on its way into the store. Each applies only if the session still holds the entry. */
public sealed interface Settlement {

    /** The entry that the outcome is about. */
    String entry();

    /**
     * Finished.
     *
     * @param foreign whether another program wrote the entry, without an envelope
     * @param bytes how large the entry is: a large one is not kept any longer
     */
    record Done(String entry, boolean foreign, int bytes) implements Settlement {

        /** Of a small entry. */
        public Done(String entry, boolean foreign) {
            this(entry, foreign, 0);
        }
    }

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

    /**
     * Hand the message out again at once: it came in a reply that was lost. That is noted; the next time in a row it also
     * burns an attempt, since its body may be larger than what can be held here, and when so many are burnt it is given
     * up. What is no message is given up at once, what is of an unknown version never.
     */
    record Lost(String entry, int mostAttempts) implements Settlement {

        /** What is noted. */
        public static final String WHAT = "the reply to its claim was lost";

        /** Why what is no message is given up. */
        public static final String NO_MESSAGE = WHAT + ", and it is no message";

        /** Why a message is given up. */
        public static final String AT_LAST = "its attempts are used up; in the last " + WHAT
                + ", as when its body is too large for the memory of its worker";
    }
}
