package dev.hark.faults;

import static dev.hark.faults.Patience.assertConserved;
import static dev.hark.faults.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.admin.QueueInfo;
import dev.hark.event.Event;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import dev.hark.testing.Stranger;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis comes back without what it had, and gives the id of a lost message to another. */
class RolledBackIdsTest {

    @RegisterExtension
    static final Server redis = new Server(options -> options); // which keeps nothing

    private final Events events = new Events();

    @Test
    void aLateOutcomeSettlesNoOtherMessageThatHasTheSameIdByNow() {
        Queue<String> began = new ConcurrentLinkedQueue<>();
        Map<String, CountDownLatch> ends =
                new ConcurrentHashMap<>(Map.of("lost", new CountDownLatch(1), "new", new CountDownLatch(1)));
        try (Hark hark = Hark.builder().url(redis.url()).observer(events).build()) {
            MessageQueue<String> mail = hark.queue("mail", String.class);
            hark.listener()
                    .handleMessage(mail, message -> {
                        began.add(message.body());
                        ends.get(message.body()).await();
                        return Outcome.done();
                    })
                    .concurrency(2)
                    .start();
            String id = mail.publish("lost").id();
            patiently().until(() -> began.contains("lost"));

            redis.get().kill();
            redis.get().restart();
            patiently().until(() -> !events.of(Event.SessionLost.class).isEmpty());
            try (Stranger stranger = new Stranger(redis.get())) {
                stranger.call("XADD", "hark:{mail}:ready", id, "body", "new");
            }
            patiently().until(() -> began.contains("new"));
            ends.get("lost").countDown();

            patiently()
                    .until(() -> hark.inspector().queue("mail").info().refused()
                                    + hark.inspector().queue("mail").info().done()
                            > 0);
            assertThat(hark.inspector().queue("mail").info())
                    .extracting(QueueInfo::done, QueueInfo::refused, QueueInfo::active)
                    .as("it runs still, and its process may die")
                    .containsExactly(0L, 1L, 1L);
            assertThat(events.of(Event.Fenced.class)).isNotEmpty();
            ends.get("new").countDown();
            patiently().until(() -> hark.inspector().queue("mail").info().done() == 1);
            assertConserved(hark.inspector().queue("mail").info());
        }
    }
}
