package dev.hark.internal.redis.wire;

import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Sends a PING over each subscription every few seconds: all from one thread, which lives while there are some, and which
 * no handler can starve. None of them holds up the others: so few bytes find room on their way, or are no longer sent.
 */
public final class Pings implements AutoCloseable {

    public static final Duration EVERY = Duration.ofSeconds(5);

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, Threads.platform("hark-pings").factory());

    Pings() {
        thread.setRemoveOnCancelPolicy(true);
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Begins; it ends when it is cancelled or the connection has broken. */
    public Future<?> start(Subscription subscription) {
        long every = EVERY.toMillis();
        try {
            return thread.scheduleWithFixedDelay(() -> ping(subscription), every, every, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new JedisConnectionException("closed", e);
        }
    }

    private static void ping(Subscription subscription) {
        try {
            subscription.sendPing();
        } catch (JedisException e) {
            subscription.cut(); // closed, or broken: then the reader finds out by itself
            throw e; // and so ends
        } catch (OutOfMemoryError e) {
            // it is tried again next time, before the reader minds
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
