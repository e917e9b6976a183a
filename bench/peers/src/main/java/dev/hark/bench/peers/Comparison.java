package dev.hark.bench.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Lets the peers take turns: all of them once, then all of them again. The first rounds only warm up. */
final class Comparison {

    /**
     * How often.
     *
     * @param warmUps rounds that do not count
     * @param counted rounds whose median counts
     */
    record Rounds(int warmUps, int counted) {
        static final Rounds STEADY = new Rounds(2, 5);
    }

    private final String url;
    private final int messages;
    private final Rounds rounds;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param messages how many the fast ones move in a round
     * @param progress told what is being done
     */
    Comparison(String url, int messages, Rounds rounds, Consumer<String> progress) {
        this.url = url;
        this.messages = messages;
        this.rounds = rounds;
        this.progress = progress;
    }

    Report run(List<Entrant> entrants) throws Exception {
        Map<Entrant, Peer> peers = new LinkedHashMap<>();
        try (RedisCpu redis = new RedisCpu(url)) {
            for (Entrant entrant : entrants) {
                progress.accept("connecting " + entrant.name());
                peers.put(entrant, entrant.opener().open(url));
            }
            return new Report("Redis " + redis.version(), messages, rounds.counted(), measure(peers, redis));
        } finally {
            for (Peer peer : peers.values()) {
                peer.close();
            }
        }
    }

    private List<Score> measure(Map<Entrant, Peer> peers, RedisCpu redis) throws Exception {
        Map<Entrant, List<Score.Round>> results = new LinkedHashMap<>();
        for (int round = 1 - rounds.warmUps(); round <= rounds.counted(); round++) {
            String which = round < 1 ? "warming up: " : "round " + round + " of " + rounds.counted() + ": ";
            for (Map.Entry<Entrant, Peer> peer : peers.entrySet()) {
                Entrant entrant = peer.getKey();
                progress.accept(which + entrant.name());
                Score.Round result = once(peer.getValue(), entrant.messages(messages), redis);
                if (round >= 1) {
                    results.computeIfAbsent(entrant, it -> new ArrayList<>()).add(result);
                }
            }
        }
        List<Score> scores = new ArrayList<>();
        results.forEach((entrant, all) -> scores.add(Score.of(entrant, entrant.messages(messages), all)));
        return scores;
    }

    private static Score.Round once(Peer peer, int messages, RedisCpu redis) throws Exception {
        peer.clear();
        Duration publishing = peer.publish(messages);
        double before = redis.micros();
        Duration draining = peer.drain(messages);
        double micros = redis.micros() - before;
        peer.clear();
        return new Score.Round(perSecond(messages, publishing), perSecond(messages, draining), micros / messages);
    }

    private static double perSecond(int messages, Duration elapsed) {
        return messages / (elapsed.toNanos() / 1e9);
    }
}
