package dev.hark.bench;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.ListenerBuilder;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * How cost grows: with what waits, with what is due later, with queues, with listeners. Writes a plot of each into a
 * folder. Run by {@code Growth URL FOLDER [most waiting]}, on a server of its own: it fills it.
 */
public final class Growth {

    private static final int MOVED = 200_000;
    private static final int WARM_UPS = 5;

    private final String url;
    private final Path folder;
    private final int most;

    private Growth(String url, Path folder, int most) {
        this.url = url;
        this.folder = folder;
        this.most = most;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        Files.createDirectories(folder);
        Growth growth = new Growth(args[0], folder, args.length > 2 ? Integer.parseInt(args[2]) : 5_000_000);
        for (int i = 0; i < WARM_UPS; i++) {
            growth.drain(1, 1, 1_000);
            growth.due(100_000);
        }
        growth.withWaiting();
        growth.withQueues();
        growth.withSessions();
        growth.withDue();
        growth.withDead();
    }

    private Hark connect() {
        return Hark.builder()
                .url(url)
                .prefix("hark-growth")
                .observer(event -> {}) // a million planned dead letters are no news
                .build();
    }

    private void withWaiting() throws Exception {
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (int waiting : new int[] {1_000, 1_000_000, 5_000_000}) {
            if (waiting <= most) {
                costs.put("%,d".formatted(waiting), drain(1, 1, waiting));
            }
        }
        write("waiting", "messages that wait behind those that are drained", costs);
    }

    private void withQueues() throws Exception {
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (int queues : new int[] {1, 10, 100, 1_000}) {
            costs.put("%,d".formatted(queues), drain(queues, 1, 0));
        }
        write("queues", "queues that one process listens to", costs);
    }

    private void withSessions() throws Exception {
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (int sessions : new int[] {1, 10, 50, 200}) {
            costs.put("%,d".formatted(sessions), drain(1, sessions, 0));
        }
        write("sessions", "listeners on one queue", costs);
    }

    /** Publishes messages to some queues, leaves so many waiting, and measures handling the others. */
    private Cost drain(int queues, int sessions, int waiting) throws Exception {
        String filler = Order.filler(100);
        try (Server server = new Server(url)) {
            Cost cost;
            try (Hark hark = connect()) {
                List<MessageQueue<Order>> all = new ArrayList<>();
                for (int i = 0; i < queues; i++) {
                    all.add(hark.queue("growth-" + i, Order.class));
                }
                int each = (MOVED + waiting) / queues;
                for (MessageQueue<Order> queue : all) {
                    publish(queue, each, filler, PublishOptions.NONE);
                }
                CountDownLatch handled = new CountDownLatch(each * queues - waiting);
                List<Listener> listeners = new ArrayList<>();
                cost = server.meter().measure(MOVED, Set.of("evalsha", "xreadgroup"), () -> {
                    for (int i = 0; i < sessions; i++) {
                        ListenerBuilder builder = hark.listener().concurrency(Math.max(10, 1_000 / sessions));
                        all.forEach(queue -> builder.handle(queue, order -> handled.countDown()));
                        listeners.add(builder.start());
                    }
                    handled.await();
                });
                listeners.parallelStream().forEach(Listener::close);
            }
            clear();
            return cost;
        }
    }

    static void publish(MessageQueue<Order> queue, int messages, String filler, PublishOptions options) {
        for (int from = 0; from < messages; from += 10_000) {
            List<Order> orders = new ArrayList<>();
            for (int i = from; i < Math.min(messages, from + 10_000); i++) {
                orders.add(Order.of(i, filler));
            }
            queue.publishAll(orders, options);
        }
    }

    private void clear() {
        try (Hark hark = connect()) {
            hark.inspector()
                    .queues()
                    .forEach(info -> hark.inspector().queue(info.name()).delete());
        }
    }

    private void withDue() throws Exception {
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (int due : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
            costs.put("%,d".formatted(due), due(due));
        }
        write("due", "messages that are due at once", costs);
    }

    private void withDead() throws Exception {
        Map<String, Cost> costs = new LinkedHashMap<>();
        for (int dead : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
            costs.put("%,d".formatted(dead), dead(dead));
        }
        write("dead", "messages that become dead letters", costs);
    }

    /** So many due at once; measures promoting and handling them. */
    private Cost due(int messages) throws Exception {
        Instant due = Instant.now().plusMillis(3_000 + messages / 100);
        return flood(messages, due, Publish.at(due), Outcome.done());
    }

    /** So many that are given up; measures burying them. */
    private Cost dead(int messages) throws Exception {
        return flood(messages, Instant.EPOCH, PublishOptions.NONE, Outcome.dead("as planned"));
    }

    /** Handles so many that wait or are due at once. */
    private Cost flood(int messages, Instant begin, PublishOptions options, Outcome outcome) throws Exception {
        Cost cost;
        try (Server server = new Server(url);
                Hark hark = connect()) {
            MessageQueue<Order> flooded = hark.queue("flooded", Order.class);
            publish(flooded, messages, Order.filler(100), options);
            CountDownLatch handled = new CountDownLatch(messages);
            Listener listener = hark.listener()
                    .handleMessage(flooded, message -> {
                        handled.countDown();
                        return outcome;
                    })
                    .concurrency(1_000)
                    .start();
            while (Instant.now().isBefore(begin)) {
                LockSupport.parkNanos(1_000_000);
            }
            cost = server.meter().measure(messages, Set.of("evalsha", "xreadgroup"), handled::await);
            listener.close();
        }
        clear();
        return cost;
    }

    private void write(String name, String what, Map<String, Cost> costs) throws IOException {
        costs.forEach((label, cost) -> System.out.printf(
                "%s: %s: %,.0f/s, Redis %.2f µs, client %.2f µs a message%n",
                what, label, cost.perSecond(), cost.redisMicros(), cost.clientMicros()));
        Files.writeString(folder.resolve(name + ".svg"), Plot.of(what, costs));
    }
}
