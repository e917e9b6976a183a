package dev.hark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.admin.QueueInfo;
import dev.hark.testing.Child;
import dev.hark.testing.Exiter;
import dev.hark.testing.Server;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A handler ends the JVM, whose shutdown hook drains: neither waits for the other until the deadline. */
class ExitingHandlerTest {

    /** Of the 30 s that close takes at most, and what a busy machine may need. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    static final Server redis = new Server();

    @Test
    void itsMessageIsHandedOver() {
        try (Hark hark = Hark.connect(redis.url());
                Child worker = Child.start(Exiter.class, redis.url(), "mail", "queue")) {
            MessageQueue<String> mail = hark.queue("mail", String.class);
            worker.awaitLines("ready", 1);
            long start = System.nanoTime();

            mail.publish("hi");

            assertThat(worker.awaitExit()).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
            QueueInfo info = hark.inspector().queue("mail").info();
            assertThat(info.waiting()).isEqualTo(1);
            assertThat(info.recovered()).isEqualTo(1);
            assertThat(info.sessions()).isZero();
        }
    }

    @Test
    void anObserverThatIsToldOfAFailureMayDoSoToo() {
        try (Hark hark = Hark.connect(redis.url());
                Child worker = Child.start(Exiter.class, redis.url(), "reports", "observer")) {
            MessageQueue<String> reports = hark.queue("reports", String.class);
            worker.awaitLines("ready", 1);
            long start = System.nanoTime();

            reports.publish("hi");

            assertThat(worker.awaitExit()).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
            QueueInfo info = hark.inspector().queue("reports").info();
            assertThat(info.later()).as("settled before it was told").isEqualTo(1);
            assertThat(info.sessions()).isZero();
        }
    }

    @Test
    void aSubscriptionEndsAsWell() {
        try (Hark hark = Hark.connect(redis.url());
                Child worker = Child.start(Exiter.class, redis.url(), "news", "channel")) {
            worker.awaitLines("ready", 1);
            long start = System.nanoTime();

            hark.channel("news", String.class).publish("hi");

            assertThat(worker.awaitExit()).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        }
    }
}
