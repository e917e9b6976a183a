package dev.hark;

import dev.hark.event.Event;
import java.time.Duration;

/**
 * Handlers at work on queues or channels. Closing stops claiming, waits for the handlers that run, settles what they
 * did, and gives back what was not started.
 */
public interface Listener extends AutoCloseable {

    /** Closes within the time set by {@link HarkBuilder#closeTimeout}. */
    @Override
    void close();

    /**
     * Closes; handlers that still run at the deadline are interrupted and their messages handed to other listeners. That
     * takes little time if they end then, 2 s more if they do not, and up to 25 s more where Redis does not answer.
     * Nobody waits for a handler that has called {@link System#exit}, which in turn waits for the shutdown hook that closes
     * this: its message is handed over.
     *
     * <p>Another call brings the deadline nearer if its own is nearer, waits as well, and changes nothing else.
     *
     * @param deadline how long handlers may go on, not negative
     */
    void close(Duration deadline);

    /**
     * Waits until the listener is closed, by {@link #close()} or because the JVM ends, by SIGTERM for example, which then
     * closes its {@link Hark}: a worker's {@code main} ends with this.
     *
     * @throws InterruptedException when the waiting thread is interrupted; the listener goes on
     */
    void awaitClosed() throws InterruptedException;

    /**
     * How long ago Redis last answered a poll, or a heartbeat while every handler is busy. What a health check asks; grows
     * while Redis cannot be reached, and while handlers stand still ({@link Event.HandlersStalled}).
     */
    Duration sinceLastPoll();

    /** How it is doing in all: what a health check asks that wants to know more than {@link #sinceLastPoll}. */
    Health health();
}
