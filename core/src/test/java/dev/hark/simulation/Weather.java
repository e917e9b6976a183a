package dev.hark.simulation;

import java.time.Duration;

/** How badly the network treats requests, and for how long they are under way. */
final class Weather {

    /** What becomes of a request. */
    enum Fate {
        WELL,
        /** It was not sent. */
        REFUSED,
        /** It does not arrive. */
        LOST,
        /** It arrives after its sender has given it up. */
        LATE,
        /** It arrives, its answer does not. */
        UNANSWERED,
        /** It arrives, its answer comes late. */
        ANSWERED_LATE
    }

    /** No request arrives later than this after it was sent, not counting stalls of the server. */
    static final Duration LATEST = Duration.ofSeconds(6);

    private static final Fate[] MISHAPS = {Fate.REFUSED, Fate.LOST, Fate.LATE, Fate.UNANSWERED, Fate.ANSWERED_LATE};

    private final World world;
    private double mishaps;
    private double delays;

    Weather(World world, double mishaps, double delays) {
        this.world = world;
        this.mishaps = mishaps;
        this.delays = delays;
    }

    void clearsUp() {
        mishaps = 0;
        delays = 0;
    }

    Fate fate() {
        return world.chance(mishaps) ? MISHAPS[world.dice.nextInt(MISHAPS.length)] : Fate.WELL;
    }

    /** How long one way takes. */
    long way() {
        Duration most = world.chance(delays) ? Duration.ofMillis(200) : Duration.ofMillis(1);
        return world.between(Duration.ofNanos(50_000), most);
    }

    /** How long a sender waits for an answer that does not come: until the connection breaks, or a timeout. */
    long patience() {
        return world.between(Duration.ofMillis(1), Duration.ofSeconds(1));
    }

    /** How long a request takes that its sender has given up, or an answer that comes late. */
    long lateness() {
        return world.between(Duration.ofMillis(1), LATEST);
    }
}
