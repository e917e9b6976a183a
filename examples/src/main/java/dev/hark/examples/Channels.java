package dev.hark.examples;

import dev.hark.Channel;
import dev.hark.Hark;
import java.util.concurrent.CountDownLatch;

/** Plain Redis Pub/Sub: whoever listens right now hears it, at most once; nothing is kept. */
public final class Channels {

    private Channels() {}

    public static void main(String[] args) throws InterruptedException {
        try (Hark hark = Hark.connect(Url.of(args))) {
            CountDownLatch heard = new CountDownLatch(2);

            Channel<String> greetings = hark.channel("my_queue", String.class);
            greetings.subscribe(body -> {
                System.out.println("heard: " + body);
                heard.countDown();
            });
            hark.channels("news.*", String.class, (channel, body) -> {
                System.out.println("heard on " + channel + ": " + body);
                heard.countDown();
            });

            greetings.publish("Hello, World!");
            hark.channel("news.sport", String.class).publish("Rain stops play");
            heard.await();
            System.out.println("listeners on an empty channel: "
                    + hark.channel("nobody", String.class).publish("Hello?"));
        }
    }
}
