package dev.hark.examples;

import dev.hark.Codec;
import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** One listener on three queues, each with bodies and a handler of its own; all share its concurrency. */
public final class SeveralQueues {

    private SeveralQueues() {}

    record Mail(String to, String subject) {}

    record Report(String title, int pages) {}

    public static void main(String[] args) throws InterruptedException {
        try (Hark hark = Hark.connect(Url.of(args))) {
            MessageQueue<Mail> mail = hark.queue("mail", Mail.class); // JSON
            MessageQueue<Report> reports = hark.queue("reports", Report.class);
            MessageQueue<byte[]> archive = hark.queue("archive", Codec.bytes()); // bytes as they are

            CountDownLatch handled = new CountDownLatch(3);
            hark.listener()
                    .handle(mail, it -> {
                        System.out.println("mail to " + it.to());
                        handled.countDown();
                    })
                    .handleMessage(reports, message -> {
                        Thread.sleep(Duration.ofMillis(10)
                                .multipliedBy(message.body().pages())); // a slow task
                        System.out.println("report for " + message.headers().get("tenant"));
                        handled.countDown();
                        return Outcome.done();
                    })
                    .handle(archive, file -> {
                        System.out.println("archived " + file.length + " bytes");
                        handled.countDown();
                    })
                    .concurrency(20)
                    .start();

            mail.publish(new Mail("ada@example.org", "Welcome"));
            reports.publish(new Report("Sales", 12), Publish.header("tenant", "acme"));
            archive.publish(new byte[] {1, 2, 3});
            handled.await();
        }
    }
}
