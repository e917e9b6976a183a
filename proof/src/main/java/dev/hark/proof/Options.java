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
 * @param clockSteps how often the clock that scripts see is stepped, by 5 s and by an hour, to and fro
 * @param fullHeaps how often the heap of a worker is full for 1.5 leases
 * @param endless how often as many handlers as there are processors compute without an end, for 7 s
 * @param unreplicated how often a message in each sister queue wants a replica, and there is none; on a server of its own
 * @param hostile how often strangers add entries of all kinds
 * @param idle how often Redis closes idle connections for 1.5 leases; on a server of its own
 * @param sisters how many further queues share a few handlers; at least 1
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
        int redisKills,
        int clockSteps,
        int fullHeaps,
        int endless,
        int unreplicated,
        int hostile,
        int idle,
        int sisters) {

    private static final int PER_SECOND = 500;
    private static final Duration LEASE = Duration.ofSeconds(2);

    private static final int SISTERS = 64;

    /** Checks the values. */
    public Options {
        if (lasting.isNegative() || lasting.isZero() || perSecond < 1 || workers < 2 || sisters < 1) {
            throw new IllegalArgumentException("a run needs some time, messages, two workers and a sister queue");
        }
    }

    /** A bit of everything for so many minutes, 1 to 1440. */
    public static Options minutes(int minutes, long seed) {
        if (minutes < 1 || minutes > 1_440) {
            throw new IllegalArgumentException("minutes " + minutes + " is not allowed: 1 to 1440");
        }
        int n = minutes;
        return new Options(
                seed,
                Duration.ofMinutes(n),
                PER_SECOND,
                LEASE,
                3,
                10 * n,
                5 * n,
                4 * n,
                8 * n,
                2 * n,
                2 * n,
                4 * n,
                n,
                n,
                n,
                n,
                n,
                SISTERS);
    }
}
