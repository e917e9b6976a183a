package dev.hark;

import static dev.hark.OnBothStores.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.admin.DeadLetters;
import dev.hark.admin.Diagnosis;
import dev.hark.admin.Inspector;
import dev.hark.admin.QueueInspector;
import dev.hark.admin.Severity;
import dev.hark.error.NewerLayoutException;
import dev.hark.event.Event;
import dev.hark.testing.NextRelease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A newer Hark has raised a queue to a layout that this one does not know. */
class NewerLayoutTest extends OnRedis {

    private static final String STATS = "hark:{mail}:stats";
    private static final String SESSIONS = "hark:{mail}:sessions";

    private static void raise() {
        redis.stranger().call("HSET", STATS, "layout", "v" + NextRelease.LAYOUT);
    }

    @AfterEach
    void lower() {
        redis.stranger().call("HDEL", STATS, "layout");
    }

    @Test
    void publishingIsRefusedAndNothingIsWritten() {
        raise();

        assertThatThrownBy(() -> mail.publish("hi"))
                .isInstanceOf(NewerLayoutException.class)
                .hasMessageContainingAll(
                        "queue mail: not published",
                        STATS + " says layout " + NextRelease.LAYOUT,
                        "Nothing was written",
                        "upgrade this program");
        assertThatThrownBy(() -> mail.publishAsync("hi").get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NewerLayoutException.class);

        assertThat(redis.stranger().keys()).containsExactly(STATS);
        assertThat(redis.stranger().number("HLEN", STATS)).isEqualTo(1);
        lower();
        mail.publish("hi");
        assertThat(info().waiting()).isEqualTo(1);
    }

    @Test
    void listeningIsRefusedAndLeavesNothing() {
        raise();
        MessageQueue<String> news = hark.queue("news", String.class);

        assertThatThrownBy(() -> hark.listener()
                        .handle(news, body -> {})
                        .handle(mail, body -> {})
                        .start())
                .isInstanceOf(NewerLayoutException.class)
                .hasMessageContainingAll(STATS, "layout " + NextRelease.LAYOUT, "upgrade this program");

        assertThat(redis.stranger().keys()).contains(STATS).doesNotContain(SESSIONS, "hark:{news}:sessions");
    }

    @Test
    void aDiagnosisNamesItAndGoesOn() {
        hark.queue("news", String.class).publish("hi");
        mail.publish("hi");
        raise();

        Diagnosis diagnosis = hark.inspector().diagnose();

        assertThat(diagnosis.queues()).containsExactlyInAnyOrder("mail", "news");
        assertThat(diagnosis.findings())
                .filteredOn(finding -> "mail".equals(finding.queue()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.id()).isEqualTo("newer-layout");
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.what()).contains("layout " + NextRelease.LAYOUT);
                });
        assertThat(diagnosis.findings()).anyMatch(finding -> "news".equals(finding.queue()));
    }

    @Test
    void allThatAnInspectorDoesIsRefused() {
        mail.publish("hi");
        raise();
        Inspector inspector = hark.inspector();
        QueueInspector queue = inspector.queue("mail");
        DeadLetters dead = queue.dead();
        List<ThrowingCallable> calls = List.of(
                inspector::queues,
                queue::info,
                () -> dead.list(10),
                () -> dead.find("1-1"),
                () -> dead.retry("1-1"),
                () -> dead.delete("1-1"),
                dead::retryAll,
                dead::deleteAll,
                queue::delete);

        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOf(NewerLayoutException.class)
                    .hasMessageContainingAll(STATS, "upgrade this program");
        }

        assertThat(inspector.queueNames()).containsExactly("mail");
        assertThat(redis.stranger().number("XLEN", "hark:{mail}:ready")).isEqualTo(1);
    }

    @Test
    void aListenerThatRunsSettlesWhatItHoldsAndClaimsNoMoreUntilThatIsUndone() {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        hark.listener()
                .handle(mail, body -> {
                    taken.countDown();
                    go.await();
                })
                .start();
        mail.publish("held");
        patiently().until(() -> taken.getCount() == 0);

        raise();
        patiently().until(() -> !events.of(Event.Trouble.class).isEmpty());
        patiently().until(NewerLayoutTest::nobodyBlocks);
        redis.stranger().call("XADD", "hark:{mail}:ready", "*", "body", "for others");
        awaitHeartbeats(2);
        go.countDown();
        patiently().until(() -> redis.stranger().text("HGET", STATS, "done").equals("1"));
        awaitHeartbeats(2);

        assertThat(redis.stranger().text("HGET", STATS, "done")).isEqualTo("1");
        assertThat(redis.stranger().list("XPENDING", "hark:{mail}:ready", "hark", "-", "+", 10))
                .isEmpty();
        assertThat(events.of(Event.Trouble.class)).singleElement().satisfies(trouble -> {
            assertThat(trouble.what()).isEqualTo("queue mail");
            assertThat(trouble.cause())
                    .isInstanceOf(NewerLayoutException.class)
                    .hasMessageContainingAll(STATS, "layout " + NextRelease.LAYOUT, "upgrade this program");
        });
        lower();
        awaitDone(2);
        assertThat(info().refused()).isZero();
    }

    @Test
    void itsOtherQueuesGoOn() {
        MessageQueue<String> news = hark.queue("news", String.class);
        hark.listener().handle(mail, body -> {}).handle(news, body -> {}).start();
        raise();
        patiently().until(() -> !events.of(Event.Trouble.class).isEmpty());
        news.publish("whoever waits for both queues waits no more once this is done");
        patiently().until(() -> hark.inspector().queue("news").info().done() == 1);

        redis.stranger().call("XADD", "hark:{mail}:ready", "*", "body", "for others");
        news.publishAll(OnBothStores.bodies(1_000));

        patiently().until(() -> hark.inspector().queue("news").info().done() == 1_001);
        assertThat(redis.stranger().list("XPENDING", "hark:{mail}:ready", "hark", "-", "+", 10))
                .isEmpty();
        assertThat(events.of(Event.Trouble.class)).hasSize(1);
        lower();
        awaitDone(1);
    }

    @Test
    void closingHandsOverWhatIsHeld() {
        CountDownLatch taken = new CountDownLatch(1);
        Listener listener = hark.listener()
                .handle(mail, body -> {
                    taken.countDown();
                    new CountDownLatch(1).await();
                })
                .start();
        mail.publish("held");
        patiently().until(() -> taken.getCount() == 0);
        raise();

        listener.close(Duration.ZERO);

        assertThat(redis.stranger().keys()).doesNotContain(SESSIONS);
        lower();
        assertThat(info().waiting() + info().later()).isEqualTo(1);
    }

    private static boolean nobodyBlocks() {
        return redis.stranger().text("INFO", "clients").contains("blocked_clients:0");
    }

    /** Waits until the listener's lease has been extended so often, and so it has looked at the queue. */
    private static void awaitHeartbeats(int times) {
        for (int i = 0; i < times; i++) {
            String before = lease();
            patiently().until(() -> !lease().equals(before));
        }
    }

    private static String lease() {
        return redis.stranger().list("ZRANGE", SESSIONS, 0, 0, "WITHSCORES").toString();
    }
}
