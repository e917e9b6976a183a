package dev.hark.proof;

import static org.awaitility.Awaitility.await;

import dev.hark.Durability;
import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Publish;
import dev.hark.Receipt;
import dev.hark.admin.QueueInfo;
import dev.hark.admin.Role;
import dev.hark.error.HarkException;
import dev.hark.error.NotPublishedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One publisher a queue, who waits for each receipt, and two applications that listen to all queues, while servers
 * change their roles: what each publisher was told, and what each handler saw.
 */
final class FailoverTraffic implements AutoCloseable {

    private static final long PACE_NANOS = 2_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What a publisher was told. */
    enum Told {
        ACKNOWLEDGED,
        UNKNOWN,
        NOT_PUBLISHED
    }

    /**
     * One call of publish.
     *
     * @param durable whether it is as safe as it was asked to be
     */
    record Call(String queue, String body, long sent, long answered, Told told, boolean durable) {

        long nanos() {
            return answered - sent;
        }
    }

    private final Durability durability;
    private final List<String> queues;
    private final Hark looking;
    private final List<Hark> harks = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Thread> publishers = new ArrayList<>();
    private final Collection<Call> calls = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> acknowledged = new ConcurrentHashMap<>(); // by queue
    private final Map<String, Long> handledFirst = new ConcurrentHashMap<>(); // by body, when
    private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>(); // by body, how often
    private final Map<String, AtomicInteger> newlyHandled = new ConcurrentHashMap<>(); // by queue
    private volatile boolean stopped;

    /** Starts it all; everything is published to be so durable. */
    FailoverTraffic(Login login, Durability durability, List<String> queues) {
        this.durability = durability;
        this.queues = queues;
        looking = connect(login, Role.READER);
        Hark publishing = connect(login, Role.PUBLISHER);
        for (int i = 0; i < 2; i++) {
            Hark hark = connect(login, Role.WORKER);
            var listener = hark.listener().concurrency(20);
            queues.forEach(name -> listener.handle(hark.queue(name, String.class), body -> handle(name, body)));
            listeners.add(listener.start());
        }
        queues.forEach(name ->
                publishers.add(Thread.ofVirtual().start(() -> publish(publishing.queue(name, String.class)))));
    }

    private Hark connect(Login login, Role role) {
        Hark hark = Hark.builder()
                .url(login.as(role).toString())
                .lease(Duration.ofSeconds(2))
                .build();
        harks.add(hark);
        return hark;
    }

    private void handle(String queue, String body) {
        handled.computeIfAbsent(body, it -> new AtomicInteger()).incrementAndGet();
        if (handledFirst.putIfAbsent(body, System.nanoTime()) == null) {
            newlyHandled.computeIfAbsent(queue, it -> new AtomicInteger()).incrementAndGet();
        }
    }

    private void publish(MessageQueue<String> queue) {
        for (int i = 0; !stopped; i++) {
            String body = queue.name() + " " + i;
            long sent = System.nanoTime();
            boolean durable = false;
            Told told;
            try {
                Receipt receipt = queue.publish(body, Publish.durability(durability));
                durable = receipt.durability().satisfies(durability);
                told = Told.ACKNOWLEDGED;
                acknowledged
                        .computeIfAbsent(queue.name(), it -> new AtomicInteger())
                        .incrementAndGet();
            } catch (NotPublishedException e) {
                told = Told.NOT_PUBLISHED;
            } catch (HarkException e) {
                told = Told.UNKNOWN;
            }
            calls.add(new Call(queue.name(), body, sent, System.nanoTime(), told, durable));
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    /** Waits until so many more of each queue were acknowledged, and so many more handled: nothing is stuck. */
    void awaitMore(int count) {
        for (String queue : queues) {
            int acknowledgedBefore = count(acknowledged, queue);
            int handledBefore = count(newlyHandled, queue);
            await("queue " + queue + " to go on")
                    .atMost(PATIENCE)
                    .until(() -> count(acknowledged, queue) >= acknowledgedBefore + count
                            && count(newlyHandled, queue) >= handledBefore + count);
        }
    }

    private static int count(Map<String, AtomicInteger> counts, String queue) {
        return counts.getOrDefault(queue, new AtomicInteger()).get();
    }

    /** Publishes no more, and waits until all queues are empty and their sums come out. */
    void finish() throws InterruptedException {
        stopped = true;
        for (Thread publisher : publishers) {
            publisher.join();
        }
        for (String queue : queues) {
            await("queue " + queue + " to run empty, and its sum to come out")
                    .atMost(PATIENCE)
                    .until(() -> settled(looking.inspector().queue(queue).info()));
        }
    }

    private static boolean settled(QueueInfo info) {
        return info.waiting() + info.active() + info.later() == 0 && info.missing() == 0;
    }

    /** All calls of publish that ended so. */
    List<Call> calls(Told told) {
        return calls.stream().filter(call -> call.told == told).toList();
    }

    /** What was acknowledged, and nobody has handled. */
    List<Call> lost() {
        return calls(Told.ACKNOWLEDGED).stream()
                .filter(call -> !handled.containsKey(call.body))
                .toList();
    }

    /** What became of everything, in a line. */
    String summary() {
        List<Call> acknowledged = calls(Told.ACKNOWLEDGED);
        List<Call> lost = lost();
        return String.format(
                Locale.ROOT,
                "published %s: %,d acknowledged (%,d as safe as asked), of them lost %,d (%,d); %,d unknown, of them there"
                        + " %,d; %,d not published; handled more than once %,d",
                durability,
                acknowledged.size(),
                acknowledged.stream().filter(Call::durable).count(),
                lost.size(),
                lost.stream().filter(Call::durable).count(),
                calls(Told.UNKNOWN).size(),
                calls(Told.UNKNOWN).stream()
                        .filter(call -> handled.containsKey(call.body))
                        .count(),
                calls(Told.NOT_PUBLISHED).size(),
                handled.values().stream().filter(times -> times.get() > 1).count());
    }

    /** How long publishers of these queues stood still between two moments: the longest call that was under way. */
    long longestCall(Collection<String> some, long from, long to) {
        return calls.stream()
                .filter(call -> some.contains(call.queue) && call.answered >= from && call.sent <= to)
                .mapToLong(Call::nanos)
                .max()
                .orElse(0);
    }

    /** How long a message waited from its receipt to its handler, at most, of those that waited between two moments. */
    long longestWait(Collection<String> some, long from, long to) {
        return calls.stream()
                .filter(call -> some.contains(call.queue) && call.told == Told.ACKNOWLEDGED && call.answered <= to)
                .filter(call -> handledFirst.getOrDefault(call.body, Long.MIN_VALUE) >= from)
                .mapToLong(call -> handledFirst.get(call.body) - call.answered)
                .max()
                .orElse(0);
    }

    Durability durability() {
        return durability;
    }

    List<String> queues() {
        return queues;
    }

    @Override
    public void close() {
        stopped = true;
        listeners.forEach(listener -> listener.close(Duration.ofSeconds(5)));
        harks.forEach(hark -> hark.close(Duration.ofSeconds(5)));
    }
}
