package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.admin.DeadLetter;
import dev.hark.error.InvalidInputException;
import dev.hark.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler that does not end costs its attempt, and nobody else's time. */
class TimeoutTest extends OnBothStores {

    private static final Duration SHORT = Duration.ofMillis(200);

    private final CountDownLatch go = new CountDownLatch(1);
    private final Queue<Integer> attempts = new ConcurrentLinkedQueue<>();

    /** What no interrupt ends. */
    private void hang() {
        boolean interrupted = false;
        while (go.getCount() > 0) {
            try {
                go.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private ListenerBuilder oneAtATime() {
        return hark.listener()
                .concurrency(1)
                .timeout(SHORT)
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(2));
    }

    @Test
    void aHandlerThatHeedsTheInterruptFailsItsAttempt() {
        Queue<Boolean> interrupted = new ConcurrentLinkedQueue<>();
        oneAtATime()
                .handleMessage(mail, message -> {
                    attempts.add(message.attempt());
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.add(true);
                        throw e;
                    }
                    return Outcome.done();
                })
                .start();

        mail.publish("slow");

        patiently().until(() -> info().dead() == 1);
        patiently().until(() -> interrupted.size() == 2);
        assertThat(attempts).containsExactly(1, 2);
        List<Event.Failed> failed = events.of(Event.Failed.class);
        assertThat(failed).hasSize(2).allMatch(event -> event.error() instanceof TimeoutException);
        DeadLetter dead = hark.inspector().queue("mail").dead().list(10).getFirst();
        assertThat(dead.reason()).contains("timeout of PT0.2S");
    }

    @Test
    void oneThatHangsKeepsItsSlotUntilItEndsAndItsLateResultIsIgnored() throws Exception {
        CountDownLatch other = new CountDownLatch(1);
        Listener listener = oneAtATime()
                .handleMessage(mail, message -> {
                    if (message.body().equals("hangs")) {
                        attempts.add(message.attempt());
                        hang();
                    } else {
                        other.countDown();
                    }
                    return Outcome.done();
                })
                .retry(RetryPolicy.none())
                .start();

        mail.publish("hangs");
        mail.publish("other");

        patiently().until(() -> info().dead() == 1);
        patiently().until(() -> events.of(Event.HandlersStalled.class).size() == 1);
        assertThat(events.of(Event.HandlersStalled.class).get(0).overdue()).isEqualTo(1);
        patiently().until(() -> listener.sinceLastPoll().compareTo(Duration.ofMillis(1)) > 0);
        assertThat(other.getCount()).as("no slot is free").isEqualTo(1);
        assertThat(events.of(Event.LateResult.class)).isEmpty();

        go.countDown();
        assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
        patiently().until(() -> info().done() == 1);
        patiently().until(() -> events.of(Event.HandlersGoOn.class).size() == 1);
        assertThat(info().dead()).isEqualTo(1);
        assertThat(attempts).containsExactly(1);
        assertThat(events.of(Event.LateResult.class)).singleElement().satisfies(event -> {
            assertThat(event.queue()).isEqualTo("mail");
            assertThat(event.after()).isGreaterThanOrEqualTo(SHORT);
        });
    }

    @Test
    void onesThatHangDoNotHoldUpClosing() {
        Listener listener = oneAtATime()
                .retry(RetryPolicy.none())
                .handle(mail, body -> hang())
                .concurrency(10)
                .start();
        mail.publishAll(bodies(10));
        patiently().until(() -> info().dead() == 10);

        listener.close(Duration.ofMinutes(10));

        assertThat(info().active()).isZero();
        assertThat(info().sessions()).isZero();
        assertThat(info().recovered()).isZero();
        go.countDown();
    }

    @Test
    void whoEndsInTimeIsNotTouched() {
        hark.listener()
                .timeout(Duration.ofMinutes(1))
                .handle(mail, body -> attempts.add(1))
                .concurrency(20)
                .start();

        mail.publishAll(bodies(500));

        patiently().until(() -> info().done() == 500);
        assertThat(events.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT1000000H"})
    void onlyTimesThatMakeSenseAreTaken(String timeout) {
        assertThatThrownBy(() -> hark.listener().timeout(Duration.parse(timeout)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(Duration.parse(timeout).toString());
    }
}
