package dev.hark.bench.peers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.redisson.api.RBatch;
import org.redisson.api.RStream;
import org.redisson.api.RStreamAsync;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadGroupArgs;

/** Redisson's stream, by hand: added in batches of commands, read 256 at a time, acknowledged and removed together. */
final class RedissonStreamPeer implements Peer {

    private static final String NAME = "hark-bench-peers-redisson-stream";
    private static final String GROUP = "g";
    private static final int BATCH = 256;

    private final RedissonClient redisson;
    private final RStream<String, Order> stream;

    RedissonStreamPeer(String url) {
        redisson = RedissonClients.connect(url);
        stream = redisson.getStream(NAME, RedissonClients.ORDERS);
    }

    @Override
    public Duration publish(int messages) {
        stream.createGroup(
                StreamCreateGroupArgs.name(GROUP).id(StreamMessageId.ALL).makeStream());
        Stopwatch watch = new Stopwatch();
        Chunks.each(messages, Order::of, this::addAll);
        return watch.elapsed();
    }

    private void addAll(List<Order> orders) {
        RBatch batch = redisson.createBatch();
        RStreamAsync<String, Order> adding = batch.getStream(NAME, RedissonClients.ORDERS);
        orders.forEach(order -> adding.addAsync(StreamAddArgs.entry("body", order)));
        batch.execute();
    }

    @Override
    public Duration drain(int messages) {
        Stopwatch watch = new Stopwatch();
        for (int handled = 0; handled < messages; ) {
            Map<StreamMessageId, Map<String, Order>> entries = stream.readGroup(
                    GROUP, "c", StreamReadGroupArgs.neverDelivered().count(BATCH));
            handled += Chunks.atLeastOne(entries.size(), handled, messages);
            entries.values().forEach(fields -> fields.values().forEach(Order::handle));
            settle(entries.keySet().toArray(StreamMessageId[]::new));
        }
        return watch.elapsed();
    }

    private void settle(StreamMessageId... ids) {
        RBatch batch = redisson.createBatch();
        RStreamAsync<String, Order> settling = batch.getStream(NAME, RedissonClients.ORDERS);
        settling.ackAsync(GROUP, ids);
        settling.removeAsync(ids);
        batch.execute();
    }

    @Override
    public void clear() {
        stream.delete();
    }

    @Override
    public void close() {
        clear();
        redisson.shutdown();
    }
}
