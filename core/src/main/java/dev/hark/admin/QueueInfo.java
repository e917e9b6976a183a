package dev.hark.admin;

import dev.hark.Overflow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue's figures at one moment, taken in one step. At all times what came in is somewhere: see {@link #missing}.
 *
 * @param name the queue
 * @param waiting not yet handed out
 * @param active handed out and not settled, in all sessions
 * @param later due at a later time: delayed, snoozed, or waiting for a retry
 * @param dead dead letters
 * @param published accepted so far
 * @param done finished so far
 * @param retried failed attempts so far that were tried again
 * @param recovered hand-overs so far from lost or closed sessions
 * @param refused outcomes so far that came too late and were refused
 * @param deleted removed so far by an operator
 * @param dropped removed so far to make room: see {@link Overflow#DROP_OLDEST}
 * @param copies handed out again so far because the consumer group was lost
 * @param sessions listeners at work now, by their leases
 * @param oldestWaiting when the oldest waiting message was put there, or null if none waits
 */
public record QueueInfo(
        String name,
        long waiting,
        long active,
        long later,
        long dead,
        long published,
        long done,
        long retried,
        long recovered,
        long refused,
        long deleted,
        long dropped,
        long copies,
        long sessions,
        @Nullable Instant oldestWaiting) {

    /**
     * How many of the messages that came in are neither here nor counted as gone: {@code published + copies - done - waiting -
     * later - active - dead - deleted - dropped}. 0 at all times, but for entries of foreign producers: each is one less until
     * it counts as published, which it does once it is settled or handed over.
     */
    public long missing() {
        return published + copies - done - waiting - later - active - dead - deleted - dropped;
    }

    /** The figures of both together, under the name of this one. */
    public QueueInfo plus(QueueInfo other) {
        return new QueueInfo(
                name,
                waiting + other.waiting,
                active + other.active,
                later + other.later,
                dead + other.dead,
                published + other.published,
                done + other.done,
                retried + other.retried,
                recovered + other.recovered,
                refused + other.refused,
                deleted + other.deleted,
                dropped + other.dropped,
                copies + other.copies,
                sessions + other.sessions,
                older(oldestWaiting, other.oldestWaiting));
    }

    private static @Nullable Instant older(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isBefore(b) ? a : b;
    }
}
