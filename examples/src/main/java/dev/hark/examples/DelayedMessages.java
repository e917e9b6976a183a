package dev.hark.examples;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** Messages for later: after a time, at a point in time, and put off by the handler itself. */
public final class DelayedMessages {

    private DelayedMessages() {}

    public static void main(String[] args) throws InterruptedException {
        try (Hark hark = Hark.connect(Url.of(args))) {
            MessageQueue<String> reminders = hark.queue("reminders", String.class);
            reminders.publish("in a second", Publish.after(Duration.ofSeconds(1)));
            reminders.publish("at a quarter second", Publish.at(Instant.now().plusMillis(250)));
            reminders.publish("now, but put off", Publish.type("busy"));

            CountDownLatch handled = new CountDownLatch(3);
            Instant start = Instant.now();
            hark.listener()
                    .handleMessage(reminders, message -> {
                        if ("busy".equals(message.type())
                                && start.plusMillis(400).isAfter(Instant.now())) {
                            System.out.println("putting off: " + message.body());
                            return Outcome.snooze(Duration.ofMillis(500)); // burns no attempt
                        }
                        System.out.println("handling: " + message.body() + ", attempt " + message.attempt());
                        handled.countDown();
                        return Outcome.done();
                    })
                    .start();
            handled.await();
        }
    }
}
