package dev.hark.proof;

import java.time.Duration;

/**
 * What is done in a run. The faults are shuffled by the seed, and spread evenly over its time.
 *
 * @param seed a run with the same one does the same in the same order; when, depends on the machine
 * @param lasting how long is published
 * @param perSecond how many messages a second are published
 * @param lease of the workers
 * @param workers how many work at a time
 * @param kills how many workers are killed
 * @param pauses how many are paused, for 0.5 to 3 leases
 * @param cutOffs how often a worker's or publisher's connections are held half-open, for 0.5 to 3 leases
 * @param cuts how often the connections of a worker or publisher are cut
 * @param slowdowns how often one of them is slowed down
 * @param redisKills how often Redis is killed; done only to a server that the run has started
 */
public record Options(
        long seed,
        Duration lasting,
        int perSecond,
        Duration lease,
        int workers,
        int kills,
        int pauses,
        int cutOffs,
        int cuts,
        int slowdowns,
        int redisKills) {

    private static final int PER_SECOND = 500;
    private static final Duration LEASE = Duration.ofSeconds(2);

    /** Checks the values. */
    public Options {
        if (lasting.isNegative() || lasting.isZero() || perSecond < 1 || workers < 2) {
            throw new IllegalArgumentException("a run needs some time, messages and two workers");
        }
    }

    /** A bit of everything for so many minutes, 1 to 1440. */
    public static Options minutes(int minutes, long seed) {
        if (minutes < 1 || minutes > 1_440) {
            throw new IllegalArgumentException("minutes " + minutes + " is not allowed: 1 to 1440");
        }
        int n = minutes;
        return new Options(
                seed, Duration.ofMinutes(n), PER_SECOND, LEASE, 3, 10 * n, 5 * n, 4 * n, 8 * n, 2 * n, 2 * n);
    }

    int faults() {
        return kills + pauses + cutOffs + cuts + slowdowns + redisKills;
    }
}
