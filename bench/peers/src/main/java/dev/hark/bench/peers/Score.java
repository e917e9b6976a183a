package dev.hark.bench.peers;

import java.util.List;

/**
 * What was measured of a peer.
 *
 * @param messages how many it moved in a round
 * @param publish messages a second, in bulk
 * @param drain messages a second, until all are settled
 * @param redisMicros CPU of Redis's main thread while draining, microseconds a message
 */
record Score(Entrant entrant, int messages, Spread publish, Spread drain, Spread redisMicros) {

    /** One round of it. */
    record Round(double publish, double drain, double redisMicros) {}

    static Score of(Entrant entrant, int messages, List<Round> rounds) {
        return new Score(
                entrant,
                messages,
                Spread.of(rounds.stream().map(Round::publish).toList()),
                Spread.of(rounds.stream().map(Round::drain).toList()),
                Spread.of(rounds.stream().map(Round::redisMicros).toList()));
    }
}
