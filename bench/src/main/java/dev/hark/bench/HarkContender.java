package dev.hark.bench;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.ListenerBuilder;
import dev.hark.MessageQueue;
import dev.hark.admin.QueueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Hark as it is used: JSON both ways, leases, retries, numbered batches and counters on. */
final class HarkContender implements Contender {

    private static final String PREFIX = "hark-bench";
    private static final int CHUNK = 10_000;

    private final Supplier<Hark> connect;
    private final Hark hark;
    private final MessageQueue<Order> queue;
    private final int concurrency;
    private final String filler;

    HarkContender(String url, int concurrency, int payload) {
        connect = () -> Hark.builder().url(url).prefix(PREFIX).build();
        hark = connect.get();
        queue = hark.queue("bench", Order.class);
        this.concurrency = concurrency;
        filler = Order.filler(payload);
    }

    @Override
    public void publishSingle(int messages) {
        for (int i = 0; i < messages; i++) {
            publish(i);
        }
    }

    @Override
    public void publishThreads(int messages) throws InterruptedException {
        Parallel.run(16, thread -> {
            for (int i = 0; i < messages / 16; i++) {
                publish(i);
            }
        });
    }

    @Override
    public void publishBulk(int messages) {
        for (int from = 0; from < messages; from += CHUNK) {
            List<Order> orders = new ArrayList<>(CHUNK);
            for (int i = from; i < Math.min(messages, from + CHUNK); i++) {
                orders.add(Order.of(i, filler));
            }
            queue.publishAll(orders);
        }
    }

    @Override
    public void drain(int messages) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(messages);
        Listener listener = start(id -> handled.countDown());
        handled.await();
        awaitSettled();
        listener.close();
    }

    @Override
    public void both(int messages) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(messages);
        Listener listener = start(id -> handled.countDown());
        publishBulk(messages);
        handled.await();
        awaitSettled();
        listener.close();
    }

    private void awaitSettled() {
        QueueInfo info;
        do {
            info = hark.inspector().queue("bench").info();
        } while (info.active() > 0 || info.waiting() > 0);
    }

    private Listener start(LongConsumer handler) {
        return hark.listener()
                .handle(queue, order -> handler.accept(order.id()))
                .concurrency(concurrency)
                .start();
    }

    @Override
    public AutoCloseable listen(LongConsumer handler) {
        return start(handler);
    }

    @Override
    public void publish(long id) {
        queue.publish(Order.of(id, filler));
    }

    @Override
    public AutoCloseable idle(int queues) {
        ListenerBuilder builder = hark.listener();
        for (int i = 0; i < queues; i++) {
            builder.handle(hark.queue("idle-" + i, Order.class), order -> {});
        }
        return builder.start();
    }

    @Override
    public Set<String> sentCommands() {
        return Set.of("evalsha", "eval", "xreadgroup", "ping", "client|id", "client|unblock", "client", "subscribe");
    }

    @Override
    public void clear() {
        hark.inspector()
                .queues()
                .forEach(info -> hark.inspector().queue(info.name()).delete());
    }

    @Override
    public void close() {
        hark.close();
        try (Hark last = connect.get()) { // the queues must not be in use
            last.inspector()
                    .queues()
                    .forEach(info -> last.inspector().queue(info.name()).delete());
        }
    }
}
