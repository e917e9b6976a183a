package dev.hark.bench.peers;

import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.connection.lettuce.LettuceConnection.PipeliningFlushPolicy;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamReadOptions;

/** Spring Data Redis by hand: pipelines flushed every 256 commands, 256 messages read, acknowledged, removed together. */
final class SpringBatchPeer implements Peer {

    private static final int BATCH = 256;

    private final SpringStream stream;

    SpringBatchPeer(String url) {
        stream = new SpringStream(url, "hark-bench-peers-spring-batch", PipeliningFlushPolicy.buffered(BATCH));
    }

    @Override
    public Duration publish(int messages) {
        return stream.publish(messages);
    }

    @Override
    @SuppressWarnings("unchecked") // an array of offsets
    public Duration drain(int messages) {
        StreamReadOptions options = StreamReadOptions.empty().count(BATCH);
        Stopwatch watch = new Stopwatch();
        for (int handled = 0; handled < messages; ) {
            List<MapRecord<String, String, String>> entries =
                    stream.operations().read(SpringStream.CONSUMER, options, stream.offset());
            handled += Chunks.atLeastOne(entries.size(), handled, messages);
            entries.forEach(SpringStream::handle);
            stream.settleAll(entries.stream().map(MapRecord::getId).toArray(RecordId[]::new));
        }
        return watch.elapsed();
    }

    @Override
    public void clear() {
        stream.clear();
    }

    @Override
    public void close() {
        stream.close();
    }
}
