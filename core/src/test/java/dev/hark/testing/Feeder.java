package dev.hark.testing;

import dev.hark.Hark;
import java.util.Collections;

/** The main class of a publisher. Arguments: url, queue, how many messages. It prints {@code published ID} for each. */
public final class Feeder {

    private Feeder() {}

    public static void main(String[] args) {
        try (Hark hark = Hark.connect(args[0])) {
            hark.queue(args[1], String.class)
                    .publishAll(Collections.nCopies(Integer.parseInt(args[2]), "a body"))
                    .forEach(receipt -> System.out.println("published " + receipt.id()));
        }
    }
}
