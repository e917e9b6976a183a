package dev.hark.bench.peers;

import java.time.Duration;
import java.util.List;
import org.redisson.api.RBlockingQueue;
import org.redisson.api.RedissonClient;

/** Redisson's list queue: added and polled in bulk. What is polled is gone, whatever becomes of it. */
final class RedissonListPeer implements Peer {

    private static final int BATCH = 256;

    private final RedissonClient redisson;
    private final RBlockingQueue<Order> queue;

    RedissonListPeer(String url) {
        redisson = RedissonClients.connect(url);
        queue = redisson.getBlockingQueue("hark-bench-peers-redisson-list", RedissonClients.ORDERS);
    }

    @Override
    public Duration publish(int messages) {
        Stopwatch watch = new Stopwatch();
        Chunks.each(messages, Order::of, queue::addAll);
        return watch.elapsed();
    }

    @Override
    public Duration drain(int messages) {
        Stopwatch watch = new Stopwatch();
        for (int handled = 0; handled < messages; ) {
            List<Order> orders = queue.poll(BATCH);
            handled += Chunks.atLeastOne(orders.size(), handled, messages);
            orders.forEach(Order::handle);
        }
        return watch.elapsed();
    }

    @Override
    public void clear() {
        queue.delete();
    }

    @Override
    public void close() {
        clear();
        redisson.shutdown();
    }
}
