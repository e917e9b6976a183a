package dev.hark;

import java.time.Duration;
import java.util.Objects;

/** What becomes of a message that was handled. Applied at most once for each hand-over of the message. */
public sealed interface Outcome {

    /** The message is finished. */
    record Done() implements Outcome {}

    /**
     * The attempt failed; the message is handed out again later, or goes to the dead letters when its attempts are used
     * up.
     *
     * @param after how long to wait, not negative
     * @param reason what is noted in the message's attempt ledger
     */
    record Retry(Duration after, String reason) implements Outcome {
        public Retry {
            Delays.check(after);
            Objects.requireNonNull(reason);
        }
    }

    /**
     * The message is handed out again later without burning an attempt.
     *
     * @param after how long to wait, not negative
     */
    record Snooze(Duration after) implements Outcome {
        public Snooze {
            Delays.check(after);
        }
    }

    /**
     * The message goes to the dead letters at once.
     *
     * @param reason kept with the dead letter
     */
    record Dead(String reason) implements Outcome {
        public Dead {
            Objects.requireNonNull(reason);
        }
    }

    /** The message is finished. */
    static Outcome done() {
        return new Done();
    }

    /** The attempt failed; try again after the given time. */
    static Outcome retry(Duration after) {
        return new Retry(after, "the handler asked for a retry");
    }

    /** The attempt failed for a reason that the attempt ledger keeps; try again after the given time. */
    static Outcome retry(Duration after, String reason) {
        return new Retry(after, reason);
    }

    /** Not now: hand the message out again after the given time, as the same attempt. */
    static Outcome snooze(Duration after) {
        return new Snooze(after);
    }

    /** Never: the message goes to the dead letters with this reason. */
    static Outcome dead(String reason) {
        return new Dead(reason);
    }
}
