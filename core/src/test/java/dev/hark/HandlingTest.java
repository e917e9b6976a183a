package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.hark.admin.QueueInfo;
import dev.hark.error.InvalidInputException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several queues, and several messages at once. */
class HandlingTest extends Handlings {

    @Test
    void eachQueueHasItsOwnHandler() {
        MessageQueue<Email> reports = hark.queue("reports", Email.class);
        MessageQueue<byte[]> archive = hark.queue("archive", byte[].class);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        hark.listener()
                .handle(mail, body -> seen.add("mail " + body))
                .handle(reports, report -> seen.add("report " + report.copies()))
                .handleMessage(archive, message -> {
                    seen.add("archive " + message.body().length);
                    return Outcome.done();
                })
                .start();

        mail.publish("a");
        reports.publish(new Email("b", 7));
        archive.publish(new byte[3]);
        mail.publish("c");

        patiently()
                .until(() -> hark.inspector().queues().stream()
                                .mapToLong(QueueInfo::done)
                                .sum()
                        == 4);
        assertThat(seen).containsExactlyInAnyOrder("mail a", "mail c", "report 7", "archive 3");
        assertThat(hark.inspector().queues())
                .extracting(QueueInfo::name, QueueInfo::done)
                .containsExactly(tuple("archive", 1L), tuple("mail", 2L), tuple("reports", 1L));
    }

    @Test
    void aBusyQueueDoesNotStarveAnother() throws InterruptedException {
        MessageQueue<String> quiet = hark.queue("quiet", String.class);
        CountDownLatch heard = new CountDownLatch(1);
        mail.publishAll(bodies(20_000));
        quiet.publish("me too");

        hark.listener()
                .handle(mail, body -> attempts.add(1))
                .handle(quiet, body -> {
                    if (attempts.size() < 10_000) {
                        heard.countDown();
                    }
                })
                .concurrency(5)
                .start();

        assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
        awaitDone(20_000);
    }

    @Test
    void aQueueHasOneHandlerInAListener() {
        assertThatThrownBy(() -> hark.listener().handle(mail, body -> {}).handle(mail, body -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("queue mail");
        assertThatThrownBy(() -> hark.listener().start()).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> hark.listener().concurrency(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void neverMoreAreHandledAtOnceThanAllowed(int allowed) {
        MessageQueue<String> more = hark.queue("more", String.class);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(allowed);
        Handler<String> handler = body -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            full.countDown();
            full.await(); // the first wait until the limit is reached, over both queues
            running.decrementAndGet();
        };
        mail.publishAll(bodies(300));
        more.publishAll(bodies(300));

        hark.listener()
                .handle(mail, handler)
                .handle(more, handler)
                .concurrency(allowed)
                .start();

        awaitDone(300);
        patiently().until(() -> hark.inspector().queue("more").info().done() == 300);
        assertThat(most).hasValue(allowed);
        assertThat(full.getCount()).isZero();
    }

    @Test
    void aSlowMessageHoldsUpNobody() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        hark.listener()
                .handle(mail, body -> {
                    if (body.equals("0")) {
                        slow.await();
                    }
                })
                .concurrency(4)
                .start();

        mail.publishAll(bodies(12_000)); // more than may stay in a stream behind a slow one

        awaitDone(11_999);
        assertThat(info().active()).isEqualTo(1);
        assertThat(info().waiting()).isZero();
        slow.countDown();
        awaitDone(12_000);
    }

    @Test
    void aHandlerMayPublishToItsOwnQueue() {
        hark.listener()
                .handle(mail, body -> {
                    int left = Integer.parseInt(body);
                    if (left > 0) {
                        mail.publish(String.valueOf(left - 1));
                    }
                })
                .concurrency(1)
                .start();

        mail.publish("50");

        awaitDone(51);
    }
}
