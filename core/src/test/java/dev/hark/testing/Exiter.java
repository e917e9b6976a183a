package dev.hark.testing;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.Outcome;

/**
 * The main class of a worker whose handler ends the JVM with exit code 7, by System.exit. Arguments: url, queue, and
 * {@code queue} or {@code channel} for what it listens to. It prints {@code ready}.
 */
public final class Exiter {

    private Exiter() {}

    public static void main(String[] args) throws Exception {
        Hark hark = Hark.connect(args[0]);
        Listener listener = args[2].equals("channel")
                ? hark.channel(args[1], String.class).subscribe(body -> System.exit(7))
                : hark.listener()
                        .handleMessage(hark.queue(args[1], String.class), message -> {
                            System.exit(7);
                            return Outcome.done();
                        })
                        .start();
        System.out.println("ready");
        listener.awaitClosed();
    }
}
