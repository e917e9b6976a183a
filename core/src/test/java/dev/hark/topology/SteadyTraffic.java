package dev.hark.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.admin.QueueInfo;
import dev.hark.error.HarkException;
import dev.hark.testing.Events;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Publishes to some queues without pause, and handles what comes, until it is told to stop; then it takes stock. */
final class SteadyTraffic implements AutoCloseable {

    private static final long PACE_NANOS = 2_000_000;

    private final Hark hark;
    private final Events events;
    private final List<MessageQueue<String>> queues;
    private final Listener listener;
    private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> acknowledged = new ConcurrentHashMap<>(); // how many, by queue
    private final Set<String> bodies = ConcurrentHashMap.newKeySet();
    private final List<Thread> publishers;
    private volatile boolean stopped;

    SteadyTraffic(String url, String... names) {
        events = new Events();
        hark = Hark.builder()
                .url(url)
                .lease(Duration.ofSeconds(2))
                .observer(events)
                .build();
        queues = Stream.of(names).map(name -> hark.queue(name, String.class)).toList();
        var builder = hark.listener().concurrency(20);
        queues.forEach(queue -> builder.handle(
                queue,
                body -> handled.computeIfAbsent(body, it -> new AtomicInteger()).incrementAndGet()));
        listener = builder.start();
        publishers = queues.stream()
                .map(queue -> Thread.ofVirtual().start(() -> publish(queue)))
                .toList();
    }

    static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10));
    }

    private void publish(MessageQueue<String> queue) {
        for (int i = 0; !stopped; i++) {
            String body = queue.name() + " " + i;
            try {
                queue.publish(body);
                bodies.add(body);
                acknowledged
                        .computeIfAbsent(queue.name(), it -> new AtomicInteger())
                        .incrementAndGet();
            } catch (HarkException e) {
                // it is not among those that must come
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    Hark hark() {
        return hark;
    }

    Events events() {
        return events;
    }

    /** Waits until so many more were published to, and handled from, a queue. */
    void awaitMore(String queue, int count) {
        int published = acknowledged.getOrDefault(queue, new AtomicInteger()).get();
        long done = handled(queue);
        patiently()
                .alias("queue " + queue + " goes on")
                .until(() ->
                        acknowledged.getOrDefault(queue, new AtomicInteger()).get() >= published + count
                                && handled(queue) >= done + count);
    }

    private long handled(String queue) {
        return handled.keySet().stream()
                .filter(body -> body.startsWith(queue + " "))
                .count();
    }

    /** Publishes no more, and waits until everything that was acknowledged is handled, and the sums come out. */
    void finish() throws InterruptedException {
        stopped = true;
        for (Thread publisher : publishers) {
            publisher.join();
        }
        patiently()
                .untilAsserted(() -> assertThat(bodies.stream().filter(body -> !handled.containsKey(body)))
                        .isEmpty());
        for (MessageQueue<String> queue : queues) {
            patiently().untilAsserted(() -> {
                QueueInfo info = hark.inspector().queue(queue.name()).info();
                assertThat(info.waiting() + info.active() + info.later()).isZero();
            });
            QueueInfo info = hark.inspector().queue(queue.name()).info();
            assertThat(info.missing()).isZero();
        }
    }

    /** What was handled more than once. */
    List<String> again() {
        return handled.entrySet().stream()
                .filter(entry -> entry.getValue().get() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public void close() {
        stopped = true;
        listener.close(Duration.ofSeconds(5));
        hark.close(Duration.ofSeconds(5));
    }
}
