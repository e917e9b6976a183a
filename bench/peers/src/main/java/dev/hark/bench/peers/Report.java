package dev.hark.bench.peers;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was measured.
 *
 * @param server which Redis
 * @param messages how many the fast peers moved in a round
 * @param rounds how many rounds the medians are of
 * @param scores of the peers; the first is what the others are compared with
 */
record Report(String server, int messages, int rounds, List<Score> scores) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FORM = "%-24s %-16s %-13s %9s %27s %27s %20s %9s%n";

    /** The peer's drain rate as a multiple of the first one's. */
    private double ratio(Score score) {
        return score.drain().median() / scores.getFirst().drain().median();
    }

    /** A table for people: median (min–max). */
    String table() {
        StringBuilder out = new StringBuilder();
        out.append("%s, Java %s, 100 bytes a message, medians of %d rounds (min–max)%n%n"
                .formatted(server, Runtime.version().feature(), rounds));
        out.append(FORM.formatted(
                "peer", "version", "guarantee", "messages", "publish/s", "drain/s", "redis µs/message", "× of Hark"));
        for (Score score : scores) {
            Entrant entrant = score.entrant();
            out.append(FORM.formatted(
                    entrant.name(),
                    entrant.version(),
                    entrant.guarantee(),
                    number("%,.0f", score.messages()),
                    spread("%,.0f", score.publish()),
                    spread("%,.0f", score.drain()),
                    spread("%.2f", score.redisMicros()),
                    number("%.3f", ratio(score))));
        }
        return out.toString();
    }

    private static String spread(String form, Spread spread) {
        return number(form, spread.median()) + " (" + number(form, spread.min()) + "–" + number(form, spread.max())
                + ")";
    }

    private static String number(String form, double value) {
        return String.format(Locale.ROOT, form, value);
    }

    /** One line of JSON. */
    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("server", server);
        root.put("messages", messages);
        root.put("rounds", rounds);
        var peers = root.putArray("peers");
        for (Score score : scores) {
            ObjectNode peer = peers.addObject();
            peer.put("name", score.entrant().name());
            peer.put("version", score.entrant().version());
            peer.put("guarantee", score.entrant().guarantee());
            peer.put("messages", score.messages());
            put(peer.putObject("publish"), score.publish());
            put(peer.putObject("drain"), score.drain());
            put(peer.putObject("redisMicros"), score.redisMicros());
            peer.put("ofHark", round(ratio(score)));
        }
        return root.toString();
    }

    private static void put(ObjectNode into, Spread spread) {
        into.put("median", round(spread.median()))
                .put("min", round(spread.min()))
                .put("max", round(spread.max()));
    }

    /** Rates as whole numbers, small figures with three decimals. */
    private static double round(double value) {
        return value >= 1_000 ? Math.rint(value) : Math.rint(value * 1_000) / 1_000;
    }
}
