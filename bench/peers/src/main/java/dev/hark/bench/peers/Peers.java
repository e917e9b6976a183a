package dev.hark.bench.peers;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the comparison: {@code Peers URL [messages] [--json]}. */
public final class Peers {

    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final int MESSAGES = 200_000;
    private static final String USAGE = """
            Usage: bench/peers/run URL [messages] [--json]
              URL       the Redis, redis://host:port; keys that begin with hark-bench-peers are removed
              messages  how many the fast peers move in a round, 100 or more. Default: %,d
              --json    only the line of JSON""".formatted(MESSAGES);

    private Peers() {}

    /** See the class. */
    public static void main(String[] args) {
        int code = 1;
        try {
            code = run(new ArrayList<>(List.of(args)));
        } catch (Exception e) {
            LOG.error("the run ends here", e);
        }
        System.exit(code); // some libraries leave threads behind
    }

    private static int run(List<String> words) throws Exception {
        boolean json = words.remove("--json");
        int messages = words.size() == 2 ? number(words.get(1)) : MESSAGES;
        if (words.isEmpty() || words.size() > 2 || words.getFirst().startsWith("-") || messages < 100) {
            System.err.println(USAGE);
            return 2;
        }
        Report report = new Comparison(
                        words.getFirst(), messages, Comparison.Rounds.STEADY, step -> System.err.println("… " + step))
                .run(Entrant.all());
        if (!json) {
            System.out.println(report.table());
        }
        System.out.println(report.json());
        return 0;
    }

    private static int number(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
