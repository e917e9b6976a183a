package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.error.ClosedException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.UnavailableException;
import dev.hark.internal.memory.MemoryStore;
import dev.hark.testing.Server;
import dev.hark.testing.ThreadDump;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything that starts is started and closed at once by several threads, round for round, while its Hark is closed in
 * one way or another. After each round nothing is left: no thread, no connection, and only the keys of the queues.
 */
class StartStopTest {

    private static final Duration SPENT = Duration.ofSeconds(6); // on each store
    private static final int MOST_ACTIONS = 60;

    @RegisterExtension
    static final Server redis = new Server();

    enum Where {
        REDIS,
        MEMORY
    }

    /** How a Hark is closed while all else goes on. */
    enum Way {
        PLAINLY,
        TWICE,
        BY_A_HANDLER,
        BY_A_CHANNELS_HANDLER,
        INTERRUPTED
    }

    private static final List<Way> WAYS = List.of(Way.values());

    @BeforeAll
    static void nothingYet() {
        OnBothStores.patiently()
                .untilAsserted(() -> assertThat(ThreadDump.ofHark()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeft(Where where) throws Exception {
        long seed = Long.getLong("hark.test.seed", System.nanoTime());
        long end = System.nanoTime() + SPENT.toNanos();
        Random random = new Random(seed);
        for (int round = 0; System.nanoTime() < end; round++) {
            try {
                new Round(where, random.nextLong()).run();
            } catch (Throwable e) {
                throw new AssertionError(
                        "round " + round + " on " + where + ", again with -Dhark.test.seed=" + seed, e);
            }
        }
    }

    private static final class Round {

        private final Where where;
        private final Random random;
        private final Hark hark;
        private final Way way;
        private final Duration deadline;
        private final CountDownLatch untilClose;
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicInteger closing = new AtomicInteger();
        private final Queue<CompletableFuture<Receipt>> soon = new ConcurrentLinkedQueue<>();

        Round(Where where, long seed) {
            this.where = where;
            random = new Random(seed);
            way = WAYS.get(random.nextInt(WAYS.size()));
            deadline = Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(300));
            untilClose = new CountDownLatch(1 + random.nextInt(MOST_ACTIONS));
            HarkBuilder builder = Hark.builder().observer(event -> {}).closeTimeout(Duration.ofSeconds(5));
            hark = switch (where) {
                case REDIS -> builder.url(redis.url()).build();
                case MEMORY -> new Hark(new MemoryStore(), builder.env(), builder.settings());
            };
        }

        void run() throws Exception {
            if (where == Where.REDIS) {
                redis.stranger().call("FLUSHALL");
            }
            for (int i = 0; i < 2; i++) {
                again(new Random(random.nextLong()), this::publish);
                again(new Random(random.nextLong()), this::listen);
                again(new Random(random.nextLong()), this::hear);
            }
            untilClose.await();
            close();
            closed.await();
            for (Thread thread : threads) {
                assertThat(thread.join(Duration.ofSeconds(20)))
                        .as("%s, closed %s: %s", thread.getName(), way, List.of(thread.getStackTrace()))
                        .isTrue();
            }
            assertThat(unexpected).isEmpty();
            OnBothStores.patiently().until(() -> soon.stream().allMatch(CompletableFuture::isDone));
            assertNothingIsLeft();
        }

        private interface Action {
            void run(Random random) throws Exception;
        }

        /** Until the Hark is closed. */
        private void again(Random own, Action action) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        action.run(own);
                        untilClose.countDown();
                    }
                } catch (ClosedException | NotPublishedException | UnavailableException e) {
                    if (closing.get() == 0) {
                        unexpected.add(e);
                    }
                } catch (Throwable e) {
                    unexpected.add(e);
                }
                while (untilClose.getCount() > 0) {
                    untilClose.countDown(); // the others may wait for this one
                }
            }));
        }

        private MessageQueue<String> queue(Random own) {
            return hark.queue(own.nextBoolean() ? "mail" : "jobs", String.class);
        }

        private void publish(Random own) {
            switch (own.nextInt(4)) {
                case 0 -> queue(own).publish("one");
                case 1 -> soon.add(queue(own).publishAsync("soon"));
                case 2 -> queue(own).publishAll(List.of("a", "b", "c"));
                default -> queue(own).publish("later", Publish.after(Duration.ofMillis(own.nextInt(50))));
            }
        }

        private void listen(Random own) {
            Listener listener = hark.listener()
                    .handle(hark.queue("mail", String.class), this::handle)
                    .handle(hark.queue("jobs", String.class), this::handle)
                    .concurrency(1 + own.nextInt(5))
                    .retry(RetryPolicy.fixed(Duration.ZERO))
                    .start();
            if (own.nextInt(3) > 0) {
                listener.close(Duration.ofMillis(own.nextInt(30)));
            }
        }

        private void hear(Random own) {
            Listener listener = own.nextBoolean()
                    ? hark.channel("news", String.class).subscribe(body -> closeFrom(Way.BY_A_CHANNELS_HANDLER))
                    : hark.channels("new*", String.class, (channel, body) -> {});
            hark.channel("news", String.class).publish("extra");
            if (own.nextInt(3) > 0) {
                listener.close(Duration.ofMillis(own.nextInt(30)));
            }
        }

        private void handle(String body) {
            closeFrom(Way.BY_A_HANDLER);
            if (body.equals("a")) {
                throw new IllegalStateException("as it happens");
            }
        }

        private void closeFrom(Way here) {
            if (way == here && untilClose.getCount() == 0 && closing.compareAndSet(0, 1)) {
                hark.close(deadline);
                closed.countDown();
            }
        }

        private void close() throws InterruptedException {
            switch (way) {
                case BY_A_HANDLER, BY_A_CHANNELS_HANDLER -> {} // the next of them does
                case PLAINLY -> closeHere();
                case TWICE -> {
                    threads.add(Thread.ofPlatform().start(this::closeHere));
                    closeHere();
                }
                case INTERRUPTED -> {
                    Thread thread = Thread.ofPlatform().start(this::closeHere);
                    threads.add(thread);
                    thread.interrupt();
                }
            }
        }

        private void closeHere() {
            closing.set(1);
            hark.close(deadline);
            closed.countDown();
        }

        private void assertNothingIsLeft() {
            OnBothStores.patiently()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(ThreadDump.ofHark())
                            .as("threads, closed %s", way)
                            .isEmpty());
            if (where == Where.REDIS) {
                OnBothStores.patiently()
                        .atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(redis.stranger().others())
                                .as("connections, closed %s", way)
                                .isZero());
                assertThat(redis.stranger().keys())
                        .as("keys, closed %s", way)
                        .noneMatch(key -> key.matches(".*:(sessions|settled|sender:.*)"));
                for (String queue : redis.stranger().keys()) {
                    if (queue.endsWith(":ready")) {
                        assertThat(redis.stranger().list("XINFO", "CONSUMERS", queue, "hark"))
                                .as("consumers of %s, closed %s", queue, way)
                                .isEmpty();
                    }
                }
            }
        }
    }
}
