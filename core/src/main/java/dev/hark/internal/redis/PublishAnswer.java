package dev.hark.internal.redis;

import dev.hark.internal.engine.PublishStore.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the answer of {@code publish.lua}: {@code r first n} for consecutive ids of {@code ready}, or {@code l id id …},
 * where {@code later:} is before the id of what went there.
 */
final class PublishAnswer {

    private static final String LATER = "later:";

    private PublishAnswer() {}

    static List<Placed> read(String answer) {
        String[] word = answer.split(" ", -1);
        if (!word[0].equals("r")) {
            return Stream.of(word).skip(1).map(PublishAnswer::placed).toList();
        }
        int dash = word[1].indexOf('-');
        String time = word[1].substring(0, dash + 1);
        long first = Long.parseUnsignedLong(word[1].substring(dash + 1));
        int n = Integer.parseInt(word[2]);
        List<Placed> placed = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            placed.add(new Placed(time + Long.toUnsignedString(first + i), Placed.How.READY));
        }
        return placed;
    }

    private static Placed placed(String word) {
        return word.startsWith(LATER)
                ? new Placed(word.substring(LATER.length()), Placed.How.LATER)
                : new Placed(word, Placed.How.READY);
    }
}
