package dev.hark.bench.peers;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.data.redis.connection.lettuce.LettuceConnection.PipeliningFlushPolicy;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;

/**
 * Spring Data Redis with its listener container: a listener gets one message, and acknowledges it. As documented, entries
 * stay in the stream.
 */
final class SpringContainerPeer implements Peer {

    private final SpringStream stream;

    SpringContainerPeer(String url) {
        stream = new SpringStream(url, "hark-bench-peers-spring-container", PipeliningFlushPolicy.flushEachCommand());
    }

    @Override
    public Duration publish(int messages) {
        return stream.publish(messages);
    }

    @Override
    public Duration drain(int messages) throws InterruptedException {
        Tally tally = new Tally(messages);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) { // waits for the last poll to end
            StreamMessageListenerContainer<String, MapRecord<String, String, String>> container = container(executor);
            Stopwatch watch = new Stopwatch();
            container.receive(SpringStream.CONSUMER, stream.offset(), entry -> {
                SpringStream.handle(entry);
                stream.operations().acknowledge(SpringStream.GROUP, entry);
                tally.count();
            });
            container.start();
            tally.await();
            Duration elapsed = watch.elapsed();
            container.stop();
            return elapsed;
        }
    }

    private StreamMessageListenerContainer<String, MapRecord<String, String, String>> container(Executor executor) {
        return StreamMessageListenerContainer.create(
                stream.factory(),
                StreamMessageListenerContainerOptions.builder()
                        .pollTimeout(Duration.ofMillis(100))
                        .executor(executor)
                        .build());
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
