package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.admin.DeadLetter;
import dev.hark.error.BodyTooLargeException;
import dev.hark.error.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs around handlers, of a Hark in memory that was built with settings. */
class InterceptorTest {

    private static final ThreadLocal<String> CONTEXT = new ThreadLocal<>();

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private Hark hark = Hark.inMemory();

    @AfterEach
    void close() {
        hark.close();
    }

    private HandlerInterceptor noting(String name) {
        return (message, invocation) -> {
            seen.add(name + " before " + message.body());
            Outcome outcome = invocation.proceed();
            seen.add(name + " after " + outcome);
            return outcome;
        };
    }

    private MessageQueue<String> open(HarkBuilder builder) {
        hark.close();
        hark = builder.inMemory().build();
        return hark.queue("mail", String.class);
    }

    private void awaitDone(long count) {
        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("mail").info().done() == count);
    }

    @Test
    void thoseOfTheHarkAreOutsideThoseOfTheListenerAndTheFirstIsTheOutermost() {
        MessageQueue<String> mail = open(Hark.builder().interceptor(noting("a")).interceptor(noting("b")));

        hark.listener()
                .handle(mail, body -> seen.add("handled " + body))
                .interceptor(noting("c"))
                .interceptor(noting("d"))
                .start();
        mail.publish("x");

        awaitDone(1);
        String done = " after " + Outcome.done();
        assertThat(seen)
                .containsExactly(
                        "a before x",
                        "b before x",
                        "c before x",
                        "d before x",
                        "handled x",
                        "d" + done,
                        "c" + done,
                        "b" + done,
                        "a" + done);
    }

    @Test
    void theyRunAroundEveryQueueAndBothShapesOfHandlers() {
        MessageQueue<String> mail = open(Hark.builder().interceptor(noting("a")));
        MessageQueue<byte[]> raw = hark.queue("raw", byte[].class);

        hark.listener()
                .handle(mail, body -> {})
                .handleMessage(raw, message -> Outcome.done())
                .start();
        mail.publish("x");
        raw.publish(new byte[] {1});

        OnBothStores.patiently().until(() -> seen.size() == 4);
    }

    @Test
    void whatOneReturnsIsWhatBecomesOfTheMessage() {
        MessageQueue<String> mail = open(Hark.builder());
        hark.listener()
                .handle(mail, body -> seen.add(body))
                .interceptor((message, invocation) ->
                        message.body().equals("bad") ? Outcome.dead("refused") : invocation.proceed())
                .start();

        mail.publishAll(List.of("bad", "good"));

        awaitDone(1);
        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("mail").info().dead() == 1);
        assertThat(hark.inspector().queue("mail").dead().list(10))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.body()).asString().isEqualTo("bad");
                    assertThat(letter.reason()).isEqualTo("refused");
                });
        assertThat(seen).containsExactly("good");
    }

    @Test
    void whatOneThrowsFailsTheAttemptAndWhatAHandlerThrowsCanBeCaught() {
        MessageQueue<String> mail = open(Hark.builder());
        hark.listener()
                .handle(mail, body -> {
                    throw new IllegalStateException(body);
                })
                .interceptor((message, invocation) -> {
                    if (message.attempt() == 1) {
                        throw new IllegalArgumentException("not yet");
                    }
                    try {
                        return invocation.proceed();
                    } catch (IllegalStateException e) {
                        seen.add("caught " + e.getMessage() + " in attempt " + message.attempt());
                        return Outcome.done();
                    }
                })
                .retry(RetryPolicy.fixed(Duration.ZERO))
                .start();

        mail.publish("x");

        awaitDone(1);
        assertThat(seen).containsExactly("caught x in attempt 2");
        assertThat(hark.inspector().queue("mail").info().retried()).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("NullAway") // what it must not do
    void whoeverReturnsNullIsNamed() {
        MessageQueue<String> mail = open(Hark.builder());
        HandlerInterceptor forgetful = (message, invocation) -> {
            invocation.proceed();
            return null;
        };
        hark.listener()
                .handleMessage(mail, message -> message.body().equals("handler") ? null : Outcome.done())
                .interceptor(forgetful)
                .retry(RetryPolicy.none())
                .start();

        mail.publishAll(List.of("handler", "interceptor"));

        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("mail").info().dead() == 2);
        assertThat(hark.inspector().queue("mail").dead().list(10))
                .extracting(DeadLetter::reason)
                .anyMatch(reason -> reason.contains("the handler of queue mail returned null"))
                .anyMatch(reason -> reason.contains(
                        "the interceptor " + forgetful.getClass().getName()));
    }

    @Test
    void theyRunOnTheThreadOfTheHandler() {
        MessageQueue<String> mail = open(Hark.builder().interceptor((message, invocation) -> {
            CONTEXT.set("of " + message.id());
            try {
                return invocation.proceed();
            } finally {
                CONTEXT.remove();
            }
        }));
        hark.listener()
                .handleMessage(mail, message -> {
                    seen.add(CONTEXT.get().equals("of " + message.id()) ? "same" : "other");
                    return Outcome.done();
                })
                .start();

        mail.publish("x");

        awaitDone(1);
        assertThat(seen).containsExactly("same");
    }

    @Test
    void whatHasStartedGoesOnAsItWas() {
        MessageQueue<String> mail = open(Hark.builder());
        ListenerBuilder builder = hark.listener().handle(mail, body -> seen.add(body));
        builder.start();

        builder.interceptor(noting("late"));
        mail.publish("x");

        awaitDone(1);
        assertThat(seen).containsExactly("x");
    }

    @Test
    void aHarkInMemoryTakesSettings() {
        MessageQueue<String> mail = open(Hark.builder().maxBody(3));

        assertThatThrownBy(() -> mail.publish("four")).isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void whoAsksForRedisAfterMemoryGetsRedis() {
        assertThatThrownBy(() -> Hark.builder()
                        .inMemory()
                        .url("redis://127.0.0.1:1")
                        .connectTimeout(Duration.ZERO)
                        .build())
                .isInstanceOf(UnavailableException.class);
    }
}
