package dev.hark.bench.peers;

import com.github.sonus21.rqueue.annotation.RqueueListener;
import com.github.sonus21.rqueue.config.SimpleRqueueListenerContainerFactory;
import com.github.sonus21.rqueue.core.EndpointRegistry;
import com.github.sonus21.rqueue.core.RqueueMessageEnqueuer;
import com.github.sonus21.rqueue.listener.QueueDetail;
import com.github.sonus21.rqueue.listener.RqueueMessageListenerContainer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import redis.clients.jedis.Jedis;

/**
 * Rqueue with its starter. When all its threads are busy, it sleeps for the polling interval; with the default of 200 ms
 * it would handle no more than five times its concurrency in a second.
 */
final class RqueuePeer implements Peer {

    private static final String QUEUE = "hark-bench-peers";
    private static final String PREFIX = "hark-bench-peers-rqueue::";

    /** The second is a prefix that no setting changes. */
    private static final List<String> KEYS = List.of(PREFIX + "*", "__rq::m-mdata::" + QUEUE + "::*");

    private final ConfigurableApplicationContext context;
    private final RqueueMessageEnqueuer enqueuer;
    private final RqueueMessageListenerContainer container;
    private final Jedis redis;
    private final Orders orders;

    RqueuePeer(String url) {
        context = new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.data.redis.url=" + url,
                        "rqueue.key.prefix=" + PREFIX,
                        "rqueue.version.key=" + PREFIX + "version",
                        "rqueue.latest.version.check.enabled=false")
                .run();
        enqueuer = context.getBean(RqueueMessageEnqueuer.class);
        container = context.getBean(RqueueMessageListenerContainer.class);
        redis = new Jedis(URI.create(url));
        orders = context.getBean(Orders.class);
    }

    /** The application. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    public static class App {

        @Bean
        Orders orders() {
            return new Orders();
        }

        @Bean
        SimpleRqueueListenerContainerFactory simpleRqueueListenerContainerFactory() {
            SimpleRqueueListenerContainerFactory factory = new SimpleRqueueListenerContainerFactory();
            factory.setPollingInterval(1);
            factory.setAutoStartup(false); // messages are to wait before they are handled
            return factory;
        }
    }

    /** The listener. */
    public static class Orders {

        /** Set before each drain. */
        private volatile Tally tally = new Tally(0);

        /** Handles one. */
        @RqueueListener(value = QUEUE, concurrency = "100")
        public void handle(Order order) {
            order.handle();
            tally.count();
        }
    }

    @Override
    public Duration publish(int messages) {
        Stopwatch watch = new Stopwatch();
        for (int i = 0; i < messages; i++) {
            enqueuer.enqueue(QUEUE, Order.of(i));
        }
        return watch.elapsed();
    }

    @Override
    public Duration drain(int messages) throws InterruptedException {
        Tally tally = new Tally(messages);
        orders.tally = tally;
        QueueDetail queue = EndpointRegistry.get(QUEUE);
        Stopwatch watch = new Stopwatch();
        container.start();
        tally.await();
        while (redis.exists(queue.getProcessingQueueName())) {
            Thread.onSpinWait();
        }
        Duration elapsed = watch.elapsed();
        container.stop();
        return elapsed;
    }

    @Override
    public void clear() {
        for (String pattern : KEYS) {
            Set<String> keys = redis.keys(pattern);
            if (!keys.isEmpty()) {
                redis.unlink(keys.toArray(String[]::new));
            }
        }
    }

    @Override
    public void close() {
        context.close();
        clear();
        redis.close();
    }
}
