package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.event.Event;
import dev.hark.testing.Flood;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers that never wait leave no processor to others that run on virtual threads: what has not begun is given back. */
class StallTest extends OnBothStores {

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private volatile boolean computing = true;

    @AfterEach
    void letThemEnd() {
        computing = false;
    }

    private void compute() {
        long sum = 0;
        while (computing) {
            sum++;
        }
        assertThat(sum).isPositive();
    }

    private void handle(String body) {
        if (body.equals("endless")) {
            compute();
        }
        handled.add(body);
    }

    private int occupyAll() {
        for (int i = 0; i < Flood.carriers(); i++) {
            mail.publish("endless");
        }
        return Flood.carriers();
    }

    @Test
    void whatDoesNotBeginIsGivenBackAndSomebodyElseHandlesIt() throws Exception {
        CountDownLatch elsewhere = new CountDownLatch(3);
        hark.listener().handle(mail, this::handle).concurrency(20).start();
        int endless = occupyAll();
        patiently().until(() -> info().active() == endless);

        mail.publishAll(bodies(3));

        patiently().until(() -> !events.of(Event.HandlersStalled.class).isEmpty());
        patiently().until(() -> info().active() == endless && info().waiting() == 3);
        assertThat(events.of(Event.HandlersStalled.class)).singleElement().satisfies(event -> {
            assertThat(event.queues()).containsExactly("mail");
            assertThat(event.overdue()).isZero();
        });

        Listener other = hark.listener()
                .platformThreads(true)
                .handleMessage(mail, message -> {
                    assertThat(message.attempt()).as("nothing was burnt").isEqualTo(1);
                    elsewhere.countDown();
                    return Outcome.done();
                })
                .start();
        assertThat(elsewhere.await(60, TimeUnit.SECONDS)).isTrue();
        other.close();
        assertThat(handled).isEmpty();
    }

    @Test
    void onceHandlersBeginAgainItClaimsAgain() {
        Listener listener =
                hark.listener().handle(mail, this::handle).concurrency(20).start();
        int endless = occupyAll();
        mail.publishAll(bodies(3));
        patiently().until(() -> !events.of(Event.HandlersStalled.class).isEmpty());
        patiently().until(() -> listener.sinceLastPoll().compareTo(Duration.ofMillis(100)) > 0);

        computing = false;

        patiently().until(() -> info().done() == endless + 3);
        assertThat(handled).hasSize(endless + 3);
        patiently().until(() -> events.of(Event.HandlersGoOn.class).size() == 1);
    }

    @Test
    void onThreadsOfThePlatformOthersBeginAllTheSame() {
        hark.listener()
                .handle(mail, this::handle)
                .concurrency(20)
                .platformThreads(true)
                .start();
        occupyAll();

        mail.publishAll(bodies(100));

        patiently().until(() -> handled.size() == 100);
        assertThat(events.of(Event.HandlersStalled.class)).isEmpty();
    }

    @Test
    void whatHasNotBegunWhenItClosesLosesNoAttempt() {
        Listener listener =
                hark.listener().handle(mail, this::handle).concurrency(20).start();
        int endless = occupyAll();
        patiently().until(() -> info().active() == endless);
        mail.publishAll(bodies(3));

        listener.close(Duration.ofMillis(1));

        assertThat(info().active()).isZero();
        assertThat(info().recovered()).isEqualTo(endless);
        assertThat(info().waiting()).isEqualTo(endless + 3);
    }
}
