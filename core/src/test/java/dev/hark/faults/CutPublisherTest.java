package dev.hark.faults;

import static dev.hark.faults.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Receipt;
import dev.hark.devserver.Proxy;
import dev.hark.event.Event;
import dev.hark.testing.Events;
import dev.hark.testing.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sixteen threads publish while their connection is cut: each message is there exactly once. */
class CutPublisherTest {

    private static final int THREADS = 16;
    private static final int EACH = 500;

    @RegisterExtension
    static final Server redis = new Server();

    private final Events events = new Events();
    private Proxy proxy;
    private Hark hark;

    @BeforeEach
    void connect() {
        redis.stranger().call("FLUSHALL");
        proxy = new Proxy(redis.get().port());
        hark = Hark.builder().url(redis.url(proxy)).observer(events).build();
    }

    @AfterEach
    void close() {
        hark.close();
        proxy.close();
    }

    @Test
    void requestsCutAtAnyByte() throws Exception {
        publish(done -> {
            for (int cut = 1; done.getCount() > 0; cut++) {
                int before = proxy.cuts();
                proxy.cutAfterRequestBytes(2_003L * cut % 9_973);
                patiently().until(() -> proxy.cuts() > before || done.getCount() == 0);
            }
        });

        assertThat(proxy.cuts()).isGreaterThan(10);
    }

    @Test
    void repliesLostAfterTheRequestArrived() throws Exception {
        Proxy.Loss loss = proxy.loseReplies("accepted", 15);

        publish(done -> {});

        assertThat(loss.lost()).hasValue(15);
    }

    @Test
    void connectionThatIsHalfOpen() throws Exception {
        publish(done -> {
            patiently().until(() -> redis.stranger().number("XLEN", "hark:{mail}:ready") > 500);
            proxy.freeze();
            int before = proxy.connections();
            patiently().until(() -> proxy.connections() > before); // nobody answered, and it gave the connection up
            assertThat(done.getCount()).isPositive();
            proxy.thaw();
        });
    }

    private interface Fault {
        void whilePublishing(CountDownLatch done) throws Exception;
    }

    private void publish(Fault fault) throws Exception {
        MessageQueue<String> mail = hark.queue("mail", String.class);
        Map<String, String> bodies = new ConcurrentHashMap<>(); // by the id that the receipt told
        CountDownLatch done = new CountDownLatch(THREADS);
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String name = "t" + thread + "-";
                all.add(threads.submit(() -> {
                    try {
                        for (int i = 0; i < EACH; i++) {
                            Receipt receipt = mail.publish(name + i);
                            bodies.put(receipt.id(), name + i);
                        }
                    } catch (RuntimeException e) {
                        failed.incrementAndGet();
                        throw e;
                    } finally {
                        done.countDown();
                    }
                }));
            }
            fault.whilePublishing(done);
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(failed).hasValue(0);
        assertThat(bodies).hasSize(THREADS * EACH);
        assertThat(stored()).isEqualTo(new TreeMap<>(bodies));
        assertThat(redis.stranger().text("HGET", "hark:{mail}:stats", "published")) // a cut may be left for the proxy
                .isEqualTo(Integer.toString(THREADS * EACH));
        assertThat(events.of(Event.RolledBack.class)).isEmpty();
        assertThat(events.of(Event.SenderCloned.class)).isEmpty();
    }

    /** Bodies by id, as a stranger sees them. */
    private static Map<String, String> stored() {
        Map<String, String> stored = new TreeMap<>();
        for (Object one : redis.stranger().list("XRANGE", "hark:{mail}:ready", "-", "+")) {
            List<?> entry = (List<?>) one;
            List<?> fields = (List<?>) entry.get(1);
            stored.put(String.valueOf(entry.get(0)), String.valueOf(fields.get(fields.indexOf("body") + 1)));
        }
        return stored;
    }
}
