package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published arrives as it was published. */
class PublishingTest extends OnBothStores {

    private final BlockingQueue<Message<String>> arrived = new LinkedBlockingQueue<>();

    private void listen() {
        hark.listener()
                .handleMessage(mail, message -> {
                    arrived.add(message);
                    return Outcome.done();
                })
                .concurrency(1)
                .start();
    }

    private Message<String> next() throws InterruptedException {
        Message<String> next = arrived.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a message within 30 s").isNotNull();
        return next;
    }

    // ---- what arrives

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "世界 🎈", "two\nlines\u0000nul"})
    void textArrivesAsItStands(String body) throws Exception {
        mail.publish(body);

        listen();

        assertThat(next().body()).isEqualTo(body);
        awaitDone(1);
    }

    @Test
    void bytesArriveAsTheyAre() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        MessageQueue<byte[]> bytes = hark.queue("mail", byte[].class);
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        hark.listener().handle(bytes, body::complete).start();

        bytes.publish(all);

        assertThat(body.get(30, TimeUnit.SECONDS)).isEqualTo(all);
    }

    @Test
    void recordsArriveByWayOfJson() throws Exception {
        MessageQueue<Email> emails = hark.queue("mail", Email.class);
        CompletableFuture<Email> body = new CompletableFuture<>();
        hark.listener().handle(emails, body::complete).start();

        emails.publish(new Email("ä@example.org", 3));

        assertThat(body.get(30, TimeUnit.SECONDS)).isEqualTo(new Email("ä@example.org", 3));
    }

    @Test
    void typeKeyAndHeadersArriveInTheirOrder() throws Exception {
        Receipt receipt = mail.publish(
                "hi",
                Publish.type("greeting").key("customer-7").header("z", "1").header("a", "ü\n"));

        listen();

        Message<String> message = next();
        assertThat(message.id()).isEqualTo(receipt.id());
        assertThat(message.queue()).isEqualTo("mail");
        assertThat(message.type()).isEqualTo("greeting");
        assertThat(message.key()).isEqualTo("customer-7");
        assertThat(List.copyOf(message.headers().entrySet()))
                .containsExactly(Map.entry("z", "1"), Map.entry("a", "ü\n"));
        assertThat(message.attempt()).isEqualTo(1);
        assertThat(message.publishedAt())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusMillis(1));
    }

    @Test
    void withoutOptionsThereAreNone() throws Exception {
        mail.publish("hi");

        listen();

        Message<String> message = next();
        assertThat(message.type()).isNull();
        assertThat(message.key()).isNull();
        assertThat(message.headers()).isEmpty();
    }

    @Test
    void manyArriveInTheOrderInWhichTheyWerePublished() throws Exception {
        List<Receipt> receipts = mail.publishAll(bodies(1_500));

        listen();

        assertThat(receipts).extracting(Receipt::id).doesNotHaveDuplicates();
        assertThat(receipts).extracting(Receipt::queue).containsOnly("mail");
        List<String> ids = new ArrayList<>();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            Message<String> message = next();
            ids.add(message.id());
            all.add(message.body());
        }
        assertThat(all).isEqualTo(bodies(1_500));
        assertThat(ids).isEqualTo(receipts.stream().map(Receipt::id).toList());
    }

    @Test
    void aReceiptSaysNoMoreThanWasReached() {
        assertThat(mail.publish("hi").durability()).hasToString("memory");
    }

    @Test
    void aCallbackOfAPublishMayPublishAndWait() throws Exception {
        CompletableFuture<Receipt> second =
                mail.publishAsync("one").thenApply(first -> mail.publish("after " + first.id()));

        assertThat(second.get(30, TimeUnit.SECONDS).id()).isNotEmpty();
        assertThat(info().waiting()).isEqualTo(2);
    }

    @Test
    void whatManyThreadsPublishArrivesOnce() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String name = t + "-";
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 250; i++) {
                    mail.publish(name + i);
                }
            }));
        }
        listen();
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        awaitDone(2_000);
        assertThat(arrived).extracting(Message::body).hasSize(2_000).doesNotHaveDuplicates();
        for (int t = 0; t < 8; t++) {
            String name = t + "-";
            assertThat(arrived.stream().map(Message::body).filter(body -> body.startsWith(name)))
                    .isEqualTo(bodies(250).stream().map(i -> name + i).toList()); // each thread's in its order
        }
    }

    // ---- later

    @Test
    void whatIsDelayedIsHandledLaterAndNotEarly() throws Exception {
        Duration delay = Duration.ofMillis(600);
        listen();

        mail.publish("later", Publish.after(delay));
        assertThat(info().later()).isEqualTo(1);
        mail.publish("now");

        assertThat(next().body()).isEqualTo("now");
        Message<String> later = next();
        assertThat(later.body()).isEqualTo("later");
        assertThat(Duration.between(later.publishedAt(), Instant.now())).isGreaterThanOrEqualTo(delay);
        assertThat(later.attempt()).isEqualTo(1);
        awaitDone(2);
    }

    @Test
    void anEarlierDueTimeOvertakesALaterOne() throws Exception {
        listen();
        mail.publish("second", Publish.after(Duration.ofMillis(1_200)));
        mail.publish("first", Publish.after(Duration.ofMillis(300)));

        assertThat(next().body()).isEqualTo("first");
        assertThat(next().body()).isEqualTo("second");
    }

    @Test
    void aPointInTimeIsKept() throws Exception {
        Instant at = Instant.now().plusMillis(500);
        listen();

        mail.publish("then", Publish.at(at));

        assertThat(next().body()).isEqualTo("then");
        assertThat(Instant.now()).isAfterOrEqualTo(at.minusMillis(1));
    }

    @Test
    void aPointInThePastIsNow() throws Exception {
        mail.publish("at once", Publish.at(Instant.now().minusSeconds(3_600)));

        assertThat(info().waiting()).isEqualTo(1);
        listen();
        assertThat(next().body()).isEqualTo("at once");
    }

    @Test
    void aZeroDelayIsNow() {
        mail.publish("at once", Publish.after(Duration.ZERO));

        assertThat(info().waiting()).isEqualTo(1);
        assertThat(info().later()).isZero();
    }

    @Test
    void thousandsThatAreDueAtOnceAreAllHandled() {
        mail.publishAll(bodies(5_000), Publish.after(Duration.ofSeconds(1)));
        assertThat(info().later()).isPositive();

        hark.listener().handle(mail, body -> {}).concurrency(50).start();

        awaitDone(5_000);
        assertThat(info().later()).isZero();
    }
}
