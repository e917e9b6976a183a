package dev.hark.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Listener;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.admin.QueueInfo;
import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.NotPublishedException;
import dev.hark.event.Event;
import dev.hark.testing.Server;
import dev.hark.testing.ThreadDump;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Publishers, listeners, delayed messages and channels at work for {@code soak.minutes} while connections are killed,
 * Redis stalls, and listeners and whole Harks are closed and started. Nothing may be lost, and nothing may grow: neither
 * heap nor threads nor connections nor keys nor the memory of Redis.
 */
class Soak {

    private static final int UNDER_WAY = 5_000;

    @RegisterExtension
    static final Server redis = new Server(options -> options.with("enable-debug-command", "local"));

    private final long seed = Long.getLong("soak.seed", System.nanoTime());
    private final Duration length =
            Duration.ofMillis((long) (Double.parseDouble(System.getProperty("soak.minutes", "60")) * 60_000));
    private final Account account = new Account();
    private final Map<String, AtomicLong> events = new ConcurrentSkipListMap<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final List<Station> stations = new ArrayList<>();

    private final Series heap = new Series("heap after GC, MB", 0);
    private final Series threads = new Series("platform threads", 1);
    private final Series ours = new Series("Hark's threads", 5);
    private final Series connections = new Series("connections", 2);
    private final Series keys = new Series("keys", 2);
    private final Series memory = new Series("memory of Redis, MB", 0.1);
    private final List<Series> all = List.of(heap, threads, ours, connections, keys, memory);

    @Test
    void nothingIsLostAndNothingGrows() throws Exception {
        say("seed " + seed + ", " + length + ", heap of at most "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
        for (int i = 0; i < 2; i++) {
            stations.add(new Station(redis.url(), account, this::observe));
        }
        Random random = new Random(seed);
        Faults faults = new Faults(redis, stations, new Random(random.nextLong()));
        ScheduledExecutorService publishing = Executors.newScheduledThreadPool(3);
        for (int i = 0; i < 2; i++) {
            Random own = new Random(random.nextLong());
            every(publishing, 50, () -> publish(own));
        }
        every(publishing, 1_000, this::removeDead);
        ScheduledExecutorService breaking = Executors.newSingleThreadScheduledExecutor();
        every(breaking, 1_000, faults::one);

        long end = System.nanoTime() + length.toNanos();
        Duration between = Duration.ofMillis(Math.clamp(length.toMillis() / 120, 500, 10_000));
        for (long next = System.nanoTime(); next < end; next += between.toNanos()) {
            long at = next;
            await().forever().pollInterval(Duration.ofMillis(50)).until(() -> System.nanoTime() >= at);
            sample();
        }

        stop(breaking);
        stop(publishing);
        republish();
        patiently().untilAsserted(() -> assertThat(account.open()).isEmpty());
        awaitEveryEar();
        report(faults);
        long dead = removeDead();
        List<QueueInfo> infos = stations.get(0).hark().inspector().queues();
        for (Station station : stations) {
            station.close();
        }

        say("removed at the end " + dead + " dead; " + infos);
        assertThat(infos).allSatisfy(info -> {
            assertThat(info.missing()).isZero();
            assertThat(info.copies()).isZero();
        });
        patiently().untilAsserted(() -> assertThat(ThreadDump.ofHark()).isEmpty());
        patiently().until(() -> redis.met().others() == 0);
        // a sender that failed while it was closed is forgotten by Redis itself
        assertThat(redis.stranger().keys())
                .filteredOn(key -> redis.stranger().number("PTTL", key) < 0)
                .isSubsetOf(
                        "hark:queues",
                        "hark:{jobs}:dead", // empty, as the streams are too
                        "hark:{jobs}:ready",
                        "hark:{jobs}:stats",
                        "hark:{mail}:dead",
                        "hark:{mail}:ready",
                        "hark:{mail}:stats");
        assertThat(troubles).isEmpty();
        assertThat(all).allMatch(Series::flat);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50));
    }

    private void observe(Event event) {
        count(event);
        if (event instanceof Event.Trouble
                || event instanceof Event.RolledBack
                || event instanceof Event.SenderCloned) {
            troubles.add(event.toString());
        }
    }

    /** Of a task that throws, the scheduler would say nothing. */
    private void every(ScheduledExecutorService scheduler, long millis, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (HarkException | JedisException e) {
                count(e);
            } catch (RuntimeException | Error e) {
                troubles.add(String.valueOf(e));
                throw e;
            }
        };
        Future<?> unused = scheduler.scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void count(Object what) {
        events.computeIfAbsent(what.getClass().getSimpleName(), it -> new AtomicLong())
                .incrementAndGet();
    }

    // ---- publishing

    private void publish(Random random) {
        if (account.open().size() > UNDER_WAY) {
            return;
        }
        for (int i = 0; i < 3; i++) {
            publishOne(random, PublishOptions.NONE);
        }
        for (int i = 0; i < 4; i++) {
            publishAsync(account.number(), PublishOptions.NONE, random.nextInt(500));
        }
        for (int i = 0; i < 3; i++) {
            publishAsync(account.number(), Publish.after(Duration.ofMillis(random.nextInt(3_000))), 10);
        }
        stations.get(random.nextInt(stations.size())).news().publish("extra");
    }

    private void publishOne(Random random, PublishOptions options) {
        long number = account.number();
        try {
            station(number).queue(number).publish(body(number, random.nextInt(2_000)), options);
        } catch (HarkException e) {
            failed(number, e);
        }
    }

    private void publishAsync(long number, PublishOptions options, int padding) {
        Future<?> unused = station(number)
                .queue(number)
                .publishAsync(body(number, padding), options)
                .whenComplete((receipt, e) -> {
                    if (e != null) {
                        failed(number, e);
                    }
                });
    }

    private void failed(long number, Throwable e) {
        count(e);
        if (e instanceof NotPublishedException || e instanceof ClosedException) {
            account.notPublished(number);
        } else {
            account.unknown(number);
        }
    }

    private void republish() {
        patiently().until(() -> {
            for (int left = account.refused(); left > 0; left--) {
                publishOne(new Random(0), PublishOptions.NONE);
            }
            return account.open().isEmpty();
        });
    }

    private Station station(long number) {
        return stations.get((int) (number % stations.size()));
    }

    private static String body(long number, int padding) {
        return number + " " + "x".repeat(padding);
    }

    private long removeDead() {
        return stations.get(0).hark().inspector().queue("jobs").dead().deleteAll()
                + stations.get(0).hark().inspector().queue("mail").dead().deleteAll();
    }

    // ---- looking

    private void sample() {
        System.gc();
        heap.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) (1 << 20));
        threads.add(ManagementFactory.getThreadMXBean().getThreadCount());
        ours.add(ThreadDump.ofHark().size());
        try {
            connections.add((double) redis.stranger().others());
            keys.add((double) redis.stranger().number("DBSIZE"));
            String used = redis.stranger()
                    .text("INFO", "memory")
                    .lines()
                    .filter(line -> line.startsWith("used_memory:"))
                    .findFirst()
                    .orElseThrow();
            memory.add(Long.parseLong(used.substring("used_memory:".length())) / (double) (1 << 20));
        } catch (JedisException e) {
            redis.met(); // a fault has hit it
        }
    }

    private void awaitEveryEar() {
        for (Station station : stations) {
            long before = station.heard.get();
            patiently().until(() -> {
                station.news().publish("are you there?");
                return station.heard.get() > before + 1;
            });
            assertThat(station.listeners()).map(Listener::sinceLastPoll).allMatch(since -> since.toSeconds() < 20);
        }
    }

    private static void stop(ScheduledExecutorService executor) throws InterruptedException {
        executor.shutdown();
        assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    }

    private void report(Faults faults) {
        say(account.issued() + " published, " + account.handled + " handled, " + account.repeated + " more than once, "
                + account.doubtful + " in doubt, " + account.open().size() + " lost");
        say("faults " + faults.done());
        say("events " + events);
        all.forEach(series -> say(series.toString()));
    }

    private static void say(String what) {
        System.out.println("soak: " + what);
    }
}
