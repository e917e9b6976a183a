package dev.hark.internal.engine;

import org.jspecify.annotations.Nullable;

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

        /** From here on an entry is large: it is deleted as it is settled, for trimming counts entries, not bytes. */
        public static final int LARGE = 1_024;

        /** Of a small entry. */
        public Done(String entry, boolean foreign) {
            this(entry, foreign, 0);
        }

        /** Whether the entry is. */
        public boolean large() {
            return bytes >= LARGE;
        }
    }

    /**
     * Hand the message out again, at once or after a time; what is no message, or of an unknown version, untouched.
     *
     * @param failure how the attempt failed, which burns and notes it; null if there was none that counts
     */
    record Again(String entry, long delayMillis, @Nullable String failure) implements Settlement {

        /** After a time, no attempt burnt. */
        public Again(String entry, long delayMillis) {
            this(entry, delayMillis, null);
        }

        /** At once, as if it had never been claimed. */
        public Again(String entry) {
            this(entry, 0);
        }
    }

    /** Give the message up; {@code burnt} says whether an attempt was made that is to be counted and noted. */
    record Bury(String entry, String reason, boolean burnt) implements Settlement {}

    /**
     * It came in a reply that was lost: what becomes of it hangs on what the store has noted. The first time that is noted, and
     * it is handed out again at once; the next time in a row that also burns an attempt, since its body may be larger than
     * what can be held here, and when so many are burnt it is given up. What is no message is given up at once, what is of
     * an unknown version never.
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
