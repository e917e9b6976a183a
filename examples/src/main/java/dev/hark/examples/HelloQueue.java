package dev.hark.examples;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import java.util.concurrent.CountDownLatch;

/** Publishes a message and handles it: the example of the README. */
public final class HelloQueue {

    private HelloQueue() {}

    // snippet:start
    record Email(String to, String subject) {}

    public static void main(String[] args) throws InterruptedException {
        try (Hark hark = Hark.connect(args.length > 0 ? args[0] : "redis://localhost:6379")) {
            MessageQueue<Email> mail = hark.queue("mail", Email.class);
            mail.publish(new Email("ada@example.org", "Welcome")); // returns when Redis has it

            CountDownLatch handled = new CountDownLatch(1);
            hark.listener()
                    .handle(mail, email -> {
                        System.out.println("sent '" + email.subject() + "' to " + email.to());
                        handled.countDown();
                    })
                    .start();
            handled.await();
        } // closes the listener, which settles what it has handled
    }
    // snippet:end
}
