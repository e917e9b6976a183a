package dev.hark.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What a child is told on its standard input. When that ends, whoever started the child is gone, and so is the child. */
final class Orders {

    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Consumer<String> further;

    Orders() {
        this(line -> {
            throw new IllegalArgumentException(line);
        });
    }

    /** @param further told all else; it must return soon */
    Orders(Consumer<String> further) {
        this.further = further;
        Thread.ofPlatform().daemon().name("orders").start(this::hear);
    }

    /** Reaches zero at {@code go}. */
    CountDownLatch go() {
        return go;
    }

    /** Reaches zero at {@code stop}. */
    CountDownLatch stop() {
        return stop;
    }

    private void hear() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                switch (line) {
                    case "go" -> go.countDown();
                    case "stop" -> stop.countDown();
                    default -> further.accept(line);
                }
            }
        } catch (IOException e) {
            // as at the end
        }
        Runtime.getRuntime().halt(9);
    }
}
