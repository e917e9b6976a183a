package dev.hark.faults;

import static dev.hark.faults.Patience.assertConserved;
import static dev.hark.faults.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.admin.QueueInfo;
import dev.hark.event.Event;
import dev.hark.testing.Child;
import dev.hark.testing.Events;
import dev.hark.testing.Journal;
import dev.hark.testing.Server;
import dev.hark.testing.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A listener is stopped by SIGSTOP with messages in hand, and continued after its lease. */
class StoppedListenerTest {

    private static final Duration LEASE = Duration.ofSeconds(1);

    @RegisterExtension
    static final Server redis = new Server();

    @TempDir
    Path dir;

    @Test
    void itsSettlesAreRefusedAndItGoesOnUnderANewSession() {
        Events events = new Events();
        Map<String, Integer> attempts = new ConcurrentHashMap<>();
        Path journal = dir.resolve("sleeper");
        try (Hark hark = Hark.builder()
                        .url(redis.url())
                        .lease(LEASE)
                        .observer(events)
                        .build();
                Child sleeper = Child.start(
                        Worker.class, redis.url(), "mail", "" + LEASE.toMillis(), "5", journal.toString(), "hold")) {
            MessageQueue<String> mail = hark.queue("mail", String.class);
            sleeper.awaitLines("ready", 1);
            mail.publishAll(bodies(20));
            List<String> held = sleeper.awaitLines("took ", 5).stream()
                    .map(line -> line.substring("took ".length()))
                    .toList();

            sleeper.freeze();
            Listener other = hark.listener()
                    .handleMessage(mail, message -> {
                        attempts.put(message.id(), message.attempt());
                        return Outcome.done();
                    })
                    .start();
            patiently().until(() -> hark.inspector().queue("mail").info().done() == 20);
            assertThat(events.of(Event.Recovered.class))
                    .extracting(Event.Recovered::count)
                    .containsExactly(5);
            other.close();
            sleeper.thaw();
            sleeper.say("go");

            sleeper.awaitLines("event Fenced", 1);
            sleeper.awaitLines("event SessionLost", 1);
            mail.publishAll(bodies(7));
            patiently().until(() -> hark.inspector().queue("mail").info().done() == 27);
            QueueInfo info = hark.inspector().queue("mail").info();
            assertThat(held).allSatisfy(id -> assertThat(attempts).containsEntry(id, 2));
            assertThat(attempts).hasSize(20);
            assertThat(Journal.read(journal)).hasSize(12).containsAll(held);
            assertThat(info.refused()).isEqualTo(5);
            assertThat(info.recovered()).isEqualTo(5);
            assertThat(info.waiting() + info.active() + info.dead()).isZero();
            assertConserved(info);
            assertReported(held, sleeper.lines("event Fenced"));
        }
    }

    /** Each refused outcome is reported once, by the id of its message where Redis can tell which it was. */
    private static void assertReported(Collection<String> ids, List<String> events) {
        int count = events.stream()
                .mapToInt(line -> Integer.parseInt(line.replaceAll(".*count=(\\d+).*", "$1")))
                .sum();
        assertThat(count).isEqualTo(ids.size());
        assertThat(ids).allSatisfy(id -> assertThat(events).anyMatch(line -> line.contains(id)));
    }

    private static List<String> bodies(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }
}
