package dev.hark;

import java.time.Duration;
import java.util.List;

/**
 * How a listener is doing. A check might say: ill, if the last poll or the latest loop is longer ago than a few leases.
 *
 * @param sinceLastPoll how long ago Redis last answered, as {@link Listener#sinceLastPoll}
 * @param loops what must go round for the listener to work, each on a thread of its own: claiming, keeping leases,
 *     promoting what is due, hearing hints, timing handlers out; or hearing a channel
 */
public record Health(Duration sinceLastPoll, List<Loop> loops) {

    /**
     * Something that is done again and again.
     *
     * @param name what it does
     * @param sinceRound how long ago a round of it last ended well
     * @param late for how long a round should have ended well by now, and has not; zero while it waits as it should: a claim
     *     for two seconds at most, for a handler slot and a message, hearing for ten. A channel waits for its handler, too
     */
    public record Loop(String name, Duration sinceRound, Duration late) {}

    /** Takes an unmodifiable copy. */
    public Health {
        loops = List.copyOf(loops);
    }

    /** How late the latest of the loops is. */
    public Duration late() {
        return loops.stream().map(Loop::late).max(Duration::compareTo).orElse(Duration.ZERO);
    }
}
