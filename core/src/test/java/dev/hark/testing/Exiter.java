package dev.hark.testing;

import dev.hark.Handler;
import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.RetryPolicy;
import dev.hark.event.Event;
import java.time.Duration;

/**
 * The main class of a worker that ends the JVM with exit code 7, by System.exit. Arguments: url, queue, and what does so: its
 * handler of a {@code queue} or a {@code channel}, or an {@code observer} that is told of a failed attempt. It prints
 * {@code ready}.
 */
public final class Exiter {

    private Exiter() {}

    public static void main(String[] args) throws Exception {
        Hark hark = Hark.builder()
                .url(args[0])
                .observer(event -> {
                    if (event instanceof Event.Failed) {
                        System.exit(7);
                    }
                })
                .build();
        Listener listener = switch (args[2]) {
            case "channel" -> hark.channel(args[1], String.class).subscribe(body -> System.exit(7));
            case "queue" -> listen(hark, args[1], body -> System.exit(7));
            default ->
                listen(hark, args[1], body -> {
                    throw new IllegalStateException("the observer is told of this");
                });
        };
        System.out.println("ready");
        listener.awaitClosed();
    }

    private static Listener listen(Hark hark, String queue, Handler<String> handler) {
        return hark.listener()
                .handle(hark.queue(queue, String.class), handler)
                .retry(RetryPolicy.fixed(Duration.ofHours(1)))
                .start();
    }
}
