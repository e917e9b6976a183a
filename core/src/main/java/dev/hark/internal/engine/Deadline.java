package dev.hark.internal.engine;

import java.time.Duration;

/** When something must have ended that is under way. It may come nearer, and never goes farther. */
public final class Deadline {

    private final Env env;
    private final long since;
    private Duration limit; // from since; guarded by this

    /** Sets it, from now. */
    public Deadline(Duration limit, Env env) {
        this.env = env;
        this.limit = limit;
        since = env.nanos().getAsLong();
    }

    /** Brings it nearer, if this is nearer, from now. */
    public synchronized void atMost(Duration left) {
        Duration other = env.since(since).plus(left);
        limit = other.compareTo(limit) < 0 ? other : limit;
    }

    /** How much time is left; negative once it is over. */
    public synchronized Duration left() {
        return limit.minus(env.since(since));
    }
}
