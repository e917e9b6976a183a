package dev.hark.internal.engine.listen;

import java.time.Duration;

/**
 * Whether the heartbeats of one queue have gone well for long enough to judge others. When Redis stalls, or a queue's keys
 * are broken for a while, nobody's lease is extended and everybody looks dead to whoever looks first afterwards. A
 * heartbeat that failed ends a cadence, and a new one begins.
 */
final class Cadence {

    private final long lease; // nanoseconds
    private boolean begun;
    private long wellSince;
    private long lastSent;

    Cadence(Duration lease) {
        this.lease = lease.toNanos();
    }

    /**
     * Notes a heartbeat that was answered. An answer that came late counts as a late heartbeat: it may tell of sessions
     * whose own heartbeats Redis has yet to read.
     */
    void answered(long sent, long received) {
        if (!begun || received - lastSent > lease / 3 * 2) {
            begun = true;
            wellSince = received;
        }
        lastSent = sent;
    }

    /** Whether all heartbeats for a whole lease up to now were in time. */
    boolean steady(long now) {
        return begun && now - wellSince >= lease;
    }
}
