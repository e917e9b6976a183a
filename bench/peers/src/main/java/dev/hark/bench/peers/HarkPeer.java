package dev.hark.bench.peers;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.admin.QueueInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Hark: {@code publishAll}, and a listener that handles as many at once as in {@code hark bench}. */
final class HarkPeer implements Peer {

    private static final String NAME = "bench";
    private static final int CHUNK = 10_000;
    private static final int CONCURRENCY = 1_000;

    private final String url;
    private final Hark hark;
    private final MessageQueue<Order> queue;

    HarkPeer(String url) {
        this.url = url;
        hark = connect();
        queue = hark.queue(NAME, Order.class);
    }

    private Hark connect() {
        return Hark.builder().url(url).prefix("hark-bench-peers").build();
    }

    @Override
    public Duration publish(int messages) {
        Stopwatch watch = new Stopwatch();
        for (int from = 0; from < messages; from += CHUNK) {
            List<Order> orders = new ArrayList<>(CHUNK);
            for (int i = from; i < Math.min(messages, from + CHUNK); i++) {
                orders.add(Order.of(i));
            }
            queue.publishAll(orders);
        }
        return watch.elapsed();
    }

    @Override
    public Duration drain(int messages) throws InterruptedException {
        Tally tally = new Tally(messages);
        Stopwatch watch = new Stopwatch();
        Listener listener = listen(tally);
        tally.await();
        QueueInfo info;
        do {
            info = hark.inspector().queue(NAME).info();
        } while (info.active() > 0 || info.waiting() > 0);
        Duration elapsed = watch.elapsed();
        listener.close();
        return elapsed;
    }

    private Listener listen(Tally tally) {
        return hark.listener()
                .handle(queue, order -> {
                    order.handle();
                    tally.count();
                })
                .concurrency(CONCURRENCY)
                .start();
    }

    @Override
    public void clear() {
        delete(hark);
    }

    private static void delete(Hark hark) {
        hark.inspector().queues().forEach(info -> hark.inspector().queue(info.name()).delete());
    }

    @Override
    public void close() {
        hark.close();
        try (Hark last = connect()) { // the queue must not be in use
            delete(last);
        }
    }
}
