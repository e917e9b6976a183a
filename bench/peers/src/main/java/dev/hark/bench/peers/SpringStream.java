package dev.hark.bench.peers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.data.redis.connection.RedisStreamCommands;
import org.springframework.data.redis.connection.lettuce.LettuceConnection.PipeliningFlushPolicy;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;

/** A stream with a group through Spring Data Redis and its default client, Lettuce: what two peers have in common. */
final class SpringStream implements AutoCloseable {

    static final String GROUP = "g";
    static final Consumer CONSUMER = Consumer.from(GROUP, "c");

    private final String name;
    private final LettuceConnectionFactory factory;
    private final StringRedisTemplate template;

    SpringStream(String url, String name, PipeliningFlushPolicy pipelining) {
        this.name = name;
        factory = new LettuceConnectionFactory(LettuceConnectionFactory.createRedisConfiguration(url));
        factory.setPipeliningFlushPolicy(pipelining);
        factory.afterPropertiesSet();
        factory.start();
        template = new StringRedisTemplate(factory);
    }

    LettuceConnectionFactory factory() {
        return factory;
    }

    StreamOperations<String, String, String> operations() {
        return template.opsForStream();
    }

    /** What no consumer has had. */
    StreamOffset<String> offset() {
        return StreamOffset.create(name, ReadOffset.lastConsumed());
    }

    Duration publish(int messages) {
        operations().createGroup(name, ReadOffset.from("0"), GROUP);
        Stopwatch watch = new Stopwatch();
        Chunks.each(messages, Order::of, this::addAll);
        return watch.elapsed();
    }

    private void addAll(List<Order> orders) {
        pipelined(commands -> {
            for (Order order : orders) {
                commands.xAdd(StreamRecords.string(Map.of("body", order.write()))
                        .withStreamKey(name)
                        .serialize(RedisSerializer.string()));
            }
        });
    }

    void settleAll(RecordId... ids) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        pipelined(commands -> {
            commands.xAck(key, GROUP, ids);
            commands.xDel(key, ids);
        });
    }

    @SuppressWarnings("NullAway") // the callback of a pipeline has to return null
    private void pipelined(java.util.function.Consumer<RedisStreamCommands> work) {
        template.executePipelined((RedisCallback<Object>) connection -> {
            work.accept(connection.streamCommands());
            return null;
        });
    }

    static void handle(MapRecord<String, String, String> entry) {
        Order.handle(entry.getValue().getOrDefault("body", ""));
    }

    void clear() {
        template.delete(name);
    }

    @Override
    public void close() {
        clear();
        factory.destroy();
    }
}
