package dev.hark.internal.redis;

import java.util.ArrayList;
import java.util.List;

/** Reads the answer of {@code publish.lua}: {@code r first n} for consecutive ids of a stream, or {@code l id id …}. */
final class Ids {

    private Ids() {}

    static List<String> read(String answer) {
        String[] word = answer.split(" ", -1);
        if (!word[0].equals("r")) {
            return List.of(word).subList(1, word.length);
        }
        int dash = word[1].indexOf('-');
        String time = word[1].substring(0, dash + 1);
        long first = Long.parseUnsignedLong(word[1].substring(dash + 1));
        int n = Integer.parseInt(word[2]);
        List<String> ids = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            ids.add(time + Long.toUnsignedString(first + i));
        }
        return ids;
    }
}
