package dev.hark.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Makes messages, a thousand at a time. */
final class Chunks {

    private static final int SIZE = 1_000;

    private Chunks() {}

    static <T> void each(int messages, IntFunction<T> make, Consumer<List<T>> publish) {
        for (int from = 0; from < messages; from += SIZE) {
            int to = Math.min(messages, from + SIZE);
            List<T> chunk = new ArrayList<>(to - from);
            for (int i = from; i < to; i++) {
                chunk.add(make.apply(i));
            }
            publish.accept(chunk);
        }
    }

    /** How many were read; none means that messages are missing, since all of them wait before a drain begins. */
    static int atLeastOne(int read, int handled, int messages) {
        if (read == 0) {
            throw new IllegalStateException("the queue is empty after " + handled + " of " + messages + " messages");
        }
        return read;
    }
}
