package dev.hark.examples;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.Message;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.admin.DeadLetter;
import dev.hark.admin.DeadLetters;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What becomes of failures: tried again, given up, and put back by hand. */
public final class RetriesAndDeadLetters {

    private RetriesAndDeadLetters() {}

    public static void main(String[] args) throws InterruptedException {
        try (Hark hark = Hark.connect(Url.of(args))) {
            MessageQueue<String> payments = hark.queue("payments", String.class);
            payments.publish("flaky");
            payments.publish("broken");
            payments.publish("nonsense");

            CountDownLatch ended = new CountDownLatch(3);
            RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(50))
                    .maxAttempts(3)
                    .on(IllegalArgumentException.class, RetryPolicy.none()); // will not heal
            Listener listener = hark.listener()
                    .handleMessage(payments, message -> pay(message, ended))
                    .retry(policy)
                    .start();
            ended.await();
            listener.close(); // from here on all three are settled

            DeadLetters dead = hark.inspector().queue("payments").dead();
            for (DeadLetter letter : dead.list(10)) {
                System.out.println("dead after " + letter.attempts() + " attempts: " + letter.reason());
                letter.ledger()
                        .forEach(attempt ->
                                System.out.println("  attempt " + attempt.attempt() + ": " + attempt.what()));
            }
            System.out.println("put back: " + dead.retryAll());

            CountDownLatch paid = new CountDownLatch(2);
            hark.listener()
                    .handleMessage(payments, message -> {
                        System.out.println("paid at last, in attempt " + message.attempt() + ": " + message.body());
                        paid.countDown();
                        return Outcome.done();
                    })
                    .start();
            paid.await();
        }
    }

    private static Outcome pay(Message<String> message, CountDownLatch ended) throws IOException {
        return switch (message.body()) {
            case "flaky" -> {
                if (message.attempt() == 1) {
                    throw new IOException("no connection to the bank"); // tried again by the policy
                }
                System.out.println("paid in attempt " + message.attempt());
                ended.countDown();
                yield Outcome.done();
            }
            case "broken" -> {
                if (message.attempt() == 3) {
                    ended.countDown();
                }
                yield Outcome.retry(Duration.ofMillis(20), "the bank says: try again"); // without an exception
            }
            default -> {
                ended.countDown();
                throw new IllegalArgumentException("no such payment: " + message.body());
            }
        };
    }
}
