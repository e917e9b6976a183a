package dev.hark.event;

import dev.hark.Outcome;
import dev.hark.QueueSettings;
import dev.hark.error.PublishUnknownException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Hark tells its {@link Observer}. */
public sealed interface Event {

    /**
     * An attempt failed; the outcome says whether it is tried again or dead.
     *
     * @param error what was thrown, or null; another that says so, where it cannot be told since its own methods throw or
     *     tell megabytes
     */
    record Failed(
            String queue,
            String id,
            int attempt,
            Outcome next,
            @Nullable Throwable error) implements Event {}

    /**
     * A handler ended long after its timeout, by when its attempt had been settled as failed; its result is ignored.
     *
     * @param after how long it had run
     */
    record LateResult(String queue, String id, int attempt, Duration after) implements Event {}

    /**
     * Handlers stand still: messages that were claimed did not begin within a second, since no thread was free for them, or
     * handlers whose time was up hold every slot. The listener claims nothing more until they go on.
     *
     * @param queues those of the listener
     * @param givenBack how many messages had not begun, and were given back without burning an attempt
     * @param overdue how many handlers go on though their time is up
     */
    record HandlersStalled(List<String> queues, int givenBack, int overdue) implements Event {}

    /** Handlers begin again, and the listener claims again. */
    record HandlersGoOn(List<String> queues, Duration after) implements Event {}

    /**
     * Outcomes were refused because their messages had been handed over to another listener: the lease had lapsed, or
     * the group was lost. They count nowhere; whoever holds the messages now settles them.
     *
     * @param ids the messages; empty when Redis can only tell how many
     * @param count how many were refused
     */
    record Fenced(String queue, List<String> ids, int count) implements Event {}

    /** Messages of a lost or closed session were handed over, each as a new attempt. */
    record Recovered(String queue, String session, int count) implements Event {}

    /**
     * A message came in the reply to a claim that was lost, with its connection, or since it does not fit into the heap;
     * it is handed out again. From the second time in a row on that counts as a failed attempt, and when these are used up
     * it goes to the dead letters. What is no message goes there at once.
     *
     * @param entry its entry; which message that is nobody here has seen
     */
    record ClaimReplyLost(String queue, String entry) implements Event {}

    /** A session's lease had lapsed and others took over its messages; the listener goes on under a new session. */
    record SessionLost(String queue, String session, String successor) implements Event {}

    /** A message whose envelope this version does not know was put off, so that a newer listener can take it. */
    record Parked(String queue, String id, String reason) implements Event {}

    /** The consumer group was missing and was made again; messages above the settled floor are handed out again. */
    record GroupRestored(String queue, long handedOutAgain) implements Event {}

    /**
     * Redis lost messages that it had accepted: a rollback, a flush, or a sender that has expired or was deleted, and then
     * {@code lastKept} is 0. What may have been published just then ends as {@link PublishUnknownException}.
     */
    record RolledBack(String queue, String sender, long lastAcknowledged, long lastKept) implements Event {}

    /**
     * A queue's settings in Redis are others than this program asked for, since an operator has set some of
     * {@code stored}, and they {@code stay}; or were others than what it set, which is {@code asked} as far as no operator
     * has set something else. Where it is both, each is told.
     */
    record SettingsDiffered(String queue, QueueSettings asked, QueueSettings stored, boolean stay) implements Event {}

    /** Two processes publish under one identity, a cloned virtual machine perhaps; this one takes a new identity. */
    record SenderCloned(String queue, String sender) implements Event {}

    /** A connection broke; it is being made again. */
    record ConnectionLost(String use, Throwable cause) implements Event {}

    /** A connection is there again. */
    record ConnectionRegained(String use, Duration after) implements Event {}

    /**
     * All connections to a server for some purpose have been in use for a second: what needs one waits for it, up to 10 s
     * at a time, and other purposes have connections of their own. Told again only after half of them were free.
     *
     * @param purpose what they are for, as in "connections for publishing"
     * @param connections how many there are
     */
    record PoolExhausted(String server, String purpose, int connections) implements Event {}

    /** A handler of a channel threw; the subscription goes on. */
    record ChannelHandlerFailed(String channel, Throwable error) implements Event {}

    /** Something that should not happen did; the listener goes on. */
    record Trouble(String what, Throwable cause) implements Event {}
}
