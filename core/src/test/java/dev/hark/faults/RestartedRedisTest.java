package dev.hark.faults;

import static dev.hark.faults.Patience.assertConserved;
import static dev.hark.faults.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Channel;
import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.admin.QueueInfo;
import dev.hark.devserver.Fsync;
import dev.hark.error.HarkException;
import dev.hark.error.UnavailableException;
import dev.hark.event.Event;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis dies under load and is started again, with an append-only file that is synced always. */
class RestartedRedisTest {

    private static final int KILLS = 3;
    private static final int PUBLISHERS = 4;

    @RegisterExtension
    static final Server redis = new Server(options -> options.appendOnly(Fsync.ALWAYS));

    private final Events events = new Events();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final Queue<HarkException> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger heard = new AtomicInteger();

    @Test
    void nothingIsLostAndAllCarryOnByThemselves() throws InterruptedException {
        try (Hark publishing = Hark.builder().url(redis.url()).observer(events).build();
                Hark listening = Hark.builder()
                        .url(redis.url())
                        .observer(events)
                        .lease(Duration.ofSeconds(2))
                        .build()) {
            MessageQueue<String> mail = publishing.queue("mail", String.class);
            listening
                    .listener()
                    .handleMessage(listening.queue("mail", String.class), message -> {
                        handled.add(message.id());
                        return Outcome.done();
                    })
                    .concurrency(20)
                    .start();
            Channel<String> news = publishing.channel("news", String.class);
            listening.channel("news", String.class).subscribe(body -> heard.incrementAndGet());
            AtomicBoolean enough = new AtomicBoolean();
            List<Thread> threads = IntStream.range(0, PUBLISHERS)
                    .mapToObj(i -> Thread.ofPlatform().start(() -> publishUntil(enough, mail)))
                    .toList();

            for (int kill = 0; kill < KILLS; kill++) {
                int before = acknowledged.size();
                patiently().until(() -> acknowledged.size() > before + 300 && handled.size() > before);
                redis.get().kill();
                redis.get().restart();
                assertHeardAgain(news);
            }
            int before = acknowledged.size();
            patiently().until(() -> acknowledged.size() > before + 300);
            enough.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            patiently().until(() -> {
                QueueInfo info = listening.inspector().queue("mail").info();
                return info.waiting() + info.active() + info.later() == 0;
            });

            QueueInfo info = listening.inspector().queue("mail").info();
            assertThat(failures).isEmpty();
            assertThat(handled).containsAll(acknowledged);
            assertThat(Set.copyOf(handled)).hasSameSizeAs(acknowledged); // none made twice
            assertThat(handled).hasSameSizeAs(acknowledged); // and none handled twice
            assertThat(info.done()).isEqualTo(acknowledged.size());
            assertThat(info.published()).isEqualTo(acknowledged.size());
            assertThat(info.dead()).isZero();
            assertConserved(info);
            assertThat(events.of(Event.ConnectionLost.class)).isNotEmpty();
            assertThat(events.of(Event.RolledBack.class)).isEmpty();
            assertThat(events.of(Event.Fenced.class)).isEmpty();
        }
    }

    private void publishUntil(AtomicBoolean enough, MessageQueue<String> mail) {
        while (!enough.get()) {
            try {
                acknowledged.add(mail.publish("a body").id());
            } catch (HarkException e) {
                failures.add(e);
            }
        }
    }

    /** A channel is heard again within five seconds of the server being there again. */
    private void assertHeardAgain(Channel<String> news) {
        int before = heard.get();
        long restarted = System.nanoTime();
        patiently().until(() -> {
            try {
                news.publish("anybody there?");
            } catch (UnavailableException e) {
                return false; // the publisher's connection was cut too
            }
            return heard.get() > before;
        });
        assertThat(Duration.ofNanos(System.nanoTime() - restarted)).isLessThan(Duration.ofSeconds(5));
    }
}
