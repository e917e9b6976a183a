package dev.hark.bench;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether one queue is disturbed by another that is flooded: by a million messages that are due at once, and by a million
 * that become dead letters. Run by {@code Neighbour URL [messages]}, on a server of its own; ends with 1 if the 99th
 * percentile beside a flood is more than three times what it is without.
 *
 * <p>The flood is handled by a process of its own that yields the processor ({@code nice}), and whose heap has as many
 * bytes as this one's: so what shows is what the two have in common, which is Redis.
 */
public final class Neighbour {

    private static final double MOST_LATER = 3;
    private static final Duration CALM = Duration.ofSeconds(10);
    private static final Duration LONGEST_FLOOD = Duration.ofMinutes(5);

    private final String url;
    private final int messages;
    private boolean disturbed;

    private Neighbour(String url, int messages) {
        this.url = url;
        this.messages = messages;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        if (args.length == 3) {
            handle(args[0], Integer.parseInt(args[1]), Flood.valueOf(args[2]));
            return;
        }
        Neighbour neighbour = new Neighbour(args[0], args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000);
        for (Flood flood : Flood.values()) {
            neighbour.measure(flood);
        }
        if (neighbour.disturbed) {
            System.out.printf("A queue was disturbed: more than %.0f times its 99th percentile.%n", MOST_LATER);
            System.exit(1);
        }
    }

    private enum Flood {
        DUE_AT_ONCE,
        DEAD_LETTERS;

        Outcome outcome() {
            return this == DEAD_LETTERS ? Outcome.dead("as planned") : Outcome.done();
        }
    }

    private static Hark connect(String url) {
        return Hark.builder()
                .url(url)
                .prefix("hark-neighbour")
                .observer(event -> {}) // a million planned dead letters are no news
                .build();
    }

    /** In a process of its own: listens to what is flooded, and ends when all is handled. */
    private static void handle(String url, int messages, Flood flood) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(messages);
        try (Hark hark = connect(url)) {
            hark.listener()
                    .handleMessage(hark.queue("flooded", Order.class), message -> {
                        handled.countDown();
                        return flood.outcome();
                    })
                    .concurrency(1_000)
                    .start();
            handled.await();
        }
    }

    private void measure(Flood flood) throws Exception {
        try (Server server = new Server(url);
                Hark hark = connect(url)) {
            long before = server.memory();
            MessageQueue<Order> beside = hark.queue("beside", Order.class);
            latencies(hark, beside, new CompletableFuture<>(), CALM); // warms up
            long[] calm = latencies(hark, beside, new CompletableFuture<>(), CALM);
            Instant due = Instant.now().plusMillis(5_000 + messages / 50);
            PublishOptions options = flood == Flood.DUE_AT_ONCE ? Publish.at(due) : PublishOptions.NONE;
            Growth.publish(hark.queue("flooded", Order.class), messages, Order.filler(100), options);
            if (flood == Flood.DUE_AT_ONCE) {
                if (Instant.now().isAfter(due)) {
                    throw new IllegalStateException(
                            "publishing has taken too long: some were due before the last came");
                }
                LockSupport.parkUntil(due.toEpochMilli());
            }
            Process process = start(flood);
            long[] busy = latencies(hark, beside, process.onExit(), LONGEST_FLOOD);
            if (process.isAlive() || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("the flood was not handled");
            }
            double later = ms(busy, 0.99) / ms(calm, 0.99);
            disturbed |= later > MOST_LATER;
            System.out.printf(
                    "%,d %s, handled in %.1f s: beside them p50 %.2f ms, p99 %.2f ms (%.1f times), max %.2f ms;"
                            + " calm %.2f, %.2f, %.2f; heaps of %,d MB; Redis %,d MB before and %,d MB after%n",
                    messages,
                    flood.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    busy.length / 500.0,
                    ms(busy, 0.5),
                    ms(busy, 0.99),
                    later,
                    ms(busy, 1),
                    ms(calm, 0.5),
                    ms(calm, 0.99),
                    ms(calm, 1),
                    Runtime.getRuntime().maxMemory() >> 20,
                    before >> 20,
                    server.memory() >> 20);
            hark.inspector()
                    .queueNames()
                    .forEach(name -> hark.inspector().queue(name).delete());
        }
    }

    private Process start(Flood flood) throws IOException {
        return new ProcessBuilder(
                        "nice",
                        "-n",
                        "19",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + Runtime.getRuntime().maxMemory(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Neighbour.class.getName(),
                        url,
                        Integer.toString(messages),
                        flood.name())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Publishes 500 messages a second to a queue until told that it is over; returns their latencies. */
    private static long[] latencies(Hark hark, MessageQueue<Order> queue, CompletableFuture<?> over, Duration most) {
        List<Long> nanos = new ArrayList<>();
        boolean ended = false;
        long published = hark.inspector().queue(queue.name()).info().done();
        Listener listener = hark.listener()
                .handle(queue, order -> {
                    long took = System.nanoTime() - order.id();
                    synchronized (nanos) {
                        nanos.add(took);
                    }
                })
                .concurrency(10)
                .start();
        long start = System.nanoTime();
        for (int i = 0; !ended; i++) {
            long due = start + i * 2_000_000L;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            queue.publish(Order.of(due, ""));
            published++;
            ended = over.isDone() || System.nanoTime() - start > most.toNanos();
        }
        while (hark.inspector().queue(queue.name()).info().done() < published) {
            LockSupport.parkNanos(1_000_000); // what is left over would be counted as late by the next
        }
        listener.close();
        synchronized (nanos) {
            return nanos.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private static double ms(long[] nanos, double share) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }
}
