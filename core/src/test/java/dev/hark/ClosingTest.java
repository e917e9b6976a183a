package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.NotPublishedException;
import dev.hark.event.Event;
import dev.hark.testing.ThreadDump;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing drains: what runs may finish, what does not is handed over, and nothing is lost in between. */
class ClosingTest extends OnBothStores {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    /** A listener whose handler runs until it is let go. */
    private Listener inAHandler() throws InterruptedException {
        Listener listener = hark.listener()
                .handle(mail, body -> {
                    begun.countDown();
                    go.await();
                })
                .start();
        mail.publish("hi");
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        return listener;
    }

    @Test
    void aHandlerThatRunsMayFinishAndIsSettled() throws Exception {
        Listener listener = inAHandler();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(listener::close);
        go.countDown();
        closing.get(30, TimeUnit.SECONDS);

        assertThat(info().done()).isEqualTo(1);
        assertThat(info().active()).isZero();
        assertThat(info().sessions()).isZero();
        assertThat(info().recovered()).isZero();
        assertThat(events.all()).isEmpty();
    }

    @Test
    void whoIsToldOfWhatItPublishedMayClose() throws Exception {
        CompletableFuture<Void> closed =
                mail.publishAsync("hi").thenRun(() -> hark.close(java.time.Duration.ofMinutes(10)));

        closed.get(60, TimeUnit.SECONDS);

        assertThat(info().published()).isEqualTo(1);
    }

    @Test
    void closeWaitsForTheHandler() throws Exception {
        Listener listener = inAHandler();
        Thread closer = Thread.ofPlatform().start(listener::close);

        patiently().until(() -> ThreadDump.isSomeIn("Listening.await")); // for the handler
        assertThat(info().active()).isEqualTo(1);
        assertThat(info().sessions()).isEqualTo(1); // the lease is held to the end
        go.countDown();
        closer.join();

        assertThat(info().done()).isEqualTo(1);
    }

    @Test
    void anInterruptCutsNoCloseShort() throws Exception {
        Listener listener = inAHandler();
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        Thread closer = Thread.ofPlatform().start(() -> {
            listener.close();
            stillInterrupted.complete(Thread.currentThread().isInterrupted());
        });
        patiently().until(() -> ThreadDump.isSomeIn("Listening.await"));

        closer.interrupt();
        CompletableFuture<Void> closingAll = CompletableFuture.runAsync(() -> {
            Thread.currentThread().interrupt();
            hark.close();
        });
        patiently().until(() -> ThreadDump.isSomeIn("Lifetime.end"));
        assertThat(stillInterrupted).isNotDone();
        assertThat(closingAll).isNotDone();
        go.countDown();

        assertThat(stillInterrupted.get(30, TimeUnit.SECONDS)).isTrue();
        closingAll.get(30, TimeUnit.SECONDS);
        assertThat(info().done()).isEqualTo(1);
        assertThat(info().recovered()).isZero();
        assertThat(info().sessions()).isZero();
        assertThat(events.all()).isEmpty();
    }

    @Test
    void aHandlerMayCloseItsOwnListener() throws Exception {
        AtomicReference<Listener> own = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        own.set(hark.listener()
                .handle(mail, body -> {
                    go.await();
                    own.get().close(Duration.ofMillis(10));
                    closed.countDown();
                })
                .start());
        mail.publish("hi");

        go.countDown();

        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(info().sessions()).isZero();
        assertThat(info().waiting()).isEqualTo(1); // it had not ended at the deadline
        assertThat(events.of(Event.Trouble.class)).isEmpty();
    }

    @Test
    void whatOneListenerLeavesAnotherHandlesAsTheFirstAttempt() throws Exception {
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        Listener first = hark.listener()
                .handleMessage(mail, message -> {
                    attempts.add(message.attempt());
                    begun.countDown();
                    go.await();
                    return Outcome.done();
                })
                .concurrency(3)
                .start();
        mail.publishAll(bodies(50));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        go.countDown();

        first.close();
        hark.listener()
                .handleMessage(mail, message -> {
                    attempts.add(message.attempt());
                    return Outcome.done();
                })
                .start();

        awaitDone(50);
        assertThat(attempts).hasSize(50).containsOnly(1);
    }

    @Test
    void atTheDeadlineHandlersAreInterruptedAndTheirMessagesHandedOver() throws Exception {
        CompletableFuture<String> interrupted = new CompletableFuture<>();
        Listener first = hark.listener()
                .handle(mail, body -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.complete(body);
                        throw e;
                    }
                })
                .start();
        String id = mail.publish("hi").id();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        first.close(Duration.ofMillis(50));

        assertThat(interrupted).isCompletedWithValue("hi");
        assertThat(info().waiting()).isEqualTo(1);
        assertThat(info().recovered()).isEqualTo(1);
        assertThat(info().sessions()).isZero();
        assertThat(events.of(Event.Failed.class)).isEmpty();
        CompletableFuture<Message<String>> again = new CompletableFuture<>();
        hark.listener()
                .handleMessage(mail, message -> {
                    again.complete(message);
                    return Outcome.dead("to see its ledger");
                })
                .start();
        assertThat(again.get(30, TimeUnit.SECONDS).id()).isEqualTo(id);
        assertThat(again.get().attempt()).isEqualTo(2);
        assertThat(awaitDead().ledger().get(0).what()).contains("the listener was closed before the handler ended");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherCloseBringsTheDeadlineNearer(boolean ofAll) throws Exception {
        Listener listener = inAHandler();
        Consumer<Duration> close = ofAll ? hark::close : listener::close;
        Thread first = Thread.ofPlatform().start(() -> close.accept(Duration.ofMinutes(1)));
        patiently().until(() -> ThreadDump.isSomeIn("Listening.await"));

        Thread second = Thread.ofPlatform().start(() -> close.accept(Duration.ZERO));

        assertThat(first.join(Duration.ofSeconds(30))).isTrue();
        assertThat(second.join(Duration.ofSeconds(30))).isTrue();
        assertThat(info().waiting()).isEqualTo(1);
        assertThat(info().recovered()).isEqualTo(1);
        assertThat(info().sessions()).isZero();
    }

    @Test
    void whoIgnoresTheInterruptIsNotWaitedForAndNotCounted() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Listener first = hark.listener()
                .handle(mail, body -> {
                    begun.countDown();
                    while (go.getCount() > 0) {
                        Thread.interrupted();
                        Thread.onSpinWait();
                    }
                    over.countDown();
                })
                .start();
        mail.publish("hi");
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        long start = System.nanoTime();
        first.close(Duration.ZERO);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(info().waiting()).isEqualTo(1);
        go.countDown();
        assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        AtomicInteger attempt = new AtomicInteger();
        hark.listener()
                .handleMessage(mail, message -> {
                    attempt.set(message.attempt());
                    return Outcome.done();
                })
                .start();
        awaitDone(1);
        assertThat(attempt).hasValue(2);
        assertThat(info().waiting() + info().active()).isZero();
    }

    @Test
    void closingHarkClosesItsListenersAndSendsWhatWaits() {
        Listener listener = hark.listener().handle(mail, body -> {}).start();
        CompletableFuture<Receipt> last = null;
        for (int i = 0; i < 2_000; i++) {
            last = mail.publishAsync("body " + i);
        }

        hark.close();

        assertThat(last).isCompleted();
        listener.close(); // again, harmless
        assertThat(CompletableFuture.runAsync(() -> {
                    try {
                        listener.awaitClosed();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void closingWhilePublishingLeavesNobodyWaiting() throws Exception {
        Queue<HarkException> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch under = new CountDownLatch(4);
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; ; i++) {
                        mail.publish("body");
                        if (i == 20) {
                            under.countDown();
                        }
                    }
                } catch (HarkException e) {
                    failures.add(e);
                }
            });
        }
        assertThat(under.await(30, TimeUnit.SECONDS)).isTrue();

        hark.close();

        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(10)))
                    .as("a publisher has heard of it")
                    .isTrue();
        }
        assertThat(failures)
                .hasSize(4)
                .allSatisfy(e -> assertThat(e).isInstanceOfAny(ClosedException.class, NotPublishedException.class));
    }

    @Test
    void aListenerThatPollsSaysSo() {
        Listener listener = hark.listener().handle(mail, body -> {}).start();
        Listener channel = hark.channel("news", String.class).subscribe(body -> {});

        assertThat(listener.sinceLastPoll()).isLessThan(Duration.ofSeconds(10));
        patiently().until(() -> listener.sinceLastPoll().compareTo(Duration.ofMillis(200)) < 0);
        assertThat(channel.sinceLastPoll()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aListenerWhoseSlotsAreAllTakenIsStillWell() {
        CountDownLatch release = new CountDownLatch(1);
        Listener listener = hark.listener()
                .handle(mail, body -> release.await())
                .concurrency(1)
                .start();
        mail.publish("hi");
        patiently().until(() -> info().active() == 1);

        patiently()
                .during(Duration.ofSeconds(5)) // sweeps come at least every 3.4 s
                .until(() -> listener.sinceLastPoll().compareTo(Duration.ofMillis(4_500)) < 0);

        release.countDown();
    }
}
