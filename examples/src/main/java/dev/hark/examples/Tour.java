package dev.hark.examples;

import dev.hark.Channel;
import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import dev.hark.Receipt;
import dev.hark.RetryPolicy;
import dev.hark.admin.Inspector;
import dev.hark.admin.QueueInspector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** All of Hark on one page: what programs are written with. */
public final class Tour {

    private Tour() {}

    record Email(String to, String subject) {}

    record Report(String customer) {}

    public static void main(String[] args) throws Exception {
        try (Hark hark = Hark.connect(Url.of(args))) { // or Hark.builder()…build(), Hark.inMemory()
            MessageQueue<Email> mail = hark.queue("mail", Email.class);
            MessageQueue<Report> reports = hark.queue("reports", Report.class, settings -> settings.maxLength(10_000));
            Email welcome = new Email("a@example.org", "hi");

            Receipt receipt = mail.publish(welcome); // returns when Redis has it
            mail.publish(
                    welcome,
                    Publish.after(Duration.ofMillis(100)).key("customer-7").header("k", "v"));
            CompletableFuture<Receipt> underWay = mail.publishAsync(welcome); // coalesced with its neighbours
            List<Receipt> receipts = mail.publishAll(List.of(welcome, welcome));
            reports.publish(new Report("acme"));
            System.out.println(receipt.durability() + ", " + underWay.get().queue() + ", " + receipts.size());

            CountDownLatch handled = new CountDownLatch(6);
            Listener listener = hark.listener()
                    .handle(mail, email -> handled.countDown()) // may throw checked exceptions
                    .handleMessage(reports, message -> {
                        System.out.println(message.body().customer() + " in attempt " + message.attempt());
                        handled.countDown();
                        return Outcome.done();
                    })
                    .concurrency(50)
                    .retry(RetryPolicy.exponential(Duration.ofSeconds(1)).maxAttempts(10))
                    .start();
            handled.await();
            listener.close();

            CountDownLatch heard = new CountDownLatch(1);
            Channel<String> news = hark.channel("my_queue", String.class); // the plain Redis channel of that very name
            news.subscribe(body -> {
                System.out.println(body);
                heard.countDown();
            });
            news.publish("Hello, World!");
            heard.await();

            Inspector inspector = hark.inspector();
            QueueInspector figures = inspector.queue("mail");
            System.out.println(figures.info().done() + " of " + figures.info().published() + " done, "
                    + figures.dead().retryAll() + " put back");
        }
    }
}
