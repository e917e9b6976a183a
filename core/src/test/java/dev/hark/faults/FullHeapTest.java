package dev.hark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Publish;
import dev.hark.admin.QueueInfo;
import dev.hark.testing.Child;
import dev.hark.testing.FullHeap;
import dev.hark.testing.Server;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The heap of a listener is full for some seconds, and then free again: whatever had failed meanwhile goes on. */
class FullHeapTest {

    private static final int ROUNDS = Integer.getInteger("hark.heap.rounds", 3);

    @RegisterExtension
    static final Server redis = new Server();

    @Test
    void allGoesOnAfterwards() {
        try (Child process = Child.startWithHeap(64, FullHeap.class, redis.url(), "2000");
                Hark hark = Hark.connect(redis.url())) {
            process.awaitLines("ready", 1);
            MessageQueue<String> mail = hark.queue("mail", String.class);
            int published = 0;

            for (int round = 1; round <= ROUNDS; round++) {
                process.say(String.valueOf(1_000 + 2_000 * (round % 3)));
                while (process.lines("freed").size() < round) {
                    mail.publish("at once " + published++);
                    mail.publish("later " + published++, Publish.after(Duration.ofMillis(50)));
                }
                mail.publish("afterwards " + published++);
                mail.publish("afterwards, later " + published++, Publish.after(Duration.ofMillis(50)));
                long all = published;
                Patience.patiently()
                        .atMost(Duration.ofSeconds(90))
                        .alias("round " + round)
                        .until(() -> hark.inspector().queue("mail").info().done() == all);
            }

            Patience.patiently().untilAsserted(() -> {
                process.say("health");
                assertThat(process.awaitLines("late", process.lines("late").size() + 1))
                        .last(InstanceOfAssertFactories.STRING)
                        .matches("late \\d{1,3} .*"); // no loop is missing
            });
            QueueInfo info = hark.inspector().queue("mail").info();
            assertThat(info.active() + info.waiting() + info.later() + info.dead())
                    .isZero();
            assertThat(info.sessions()).isOne();
            Patience.assertConserved(info);
        }
    }
}
