package dev.hark.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the phases against one server. Each phase runs once cold, then to warm up, then in rounds in which Hark and the
 * floor take turns; the median of the rounds counts, and the first run is shown beside it.
 */
public final class Bench {

    private static final int IDLE_QUEUES = 10;
    private static final int WARM_UPS = 2;

    private final String url;
    private final Options options;
    private final Pace pace;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param url the server; everything is done under a key prefix of its own and removed at the end
     * @param progress told what is being done
     */
    public Bench(String url, Options options, Consumer<String> progress) {
        this(url, options, Pace.STEADY, progress);
    }

    Bench(String url, Options options, Pace pace, Consumer<String> progress) {
        this.url = url;
        this.options = options;
        this.pace = pace;
        this.progress = progress;
    }

    /** A phase: what it does, and with how many messages. */
    private record Phase(String name, int messages, Step before, Step work) {}

    private interface Step {
        void run(Contender contender, int messages) throws Exception;
    }

    private static final Step NOTHING = (contender, messages) -> {};

    /** Measures everything. */
    public Report run() throws Exception {
        try (Server server = new Server(url);
                HarkContender hark = new HarkContender(url, options.concurrency(), options.payload())) {
            FloorContender floor = options.floor() ? new FloorContender(url, options.payload()) : null;
            try {
                return run(server, hark, floor);
            } finally {
                if (floor != null) {
                    floor.close();
                }
            }
        }
    }

    private Report run(Server server, Contender hark, @Nullable Contender floor) throws Exception {
        int n = options.messages();
        Step publish = Contender::publishBulk;
        List<Phase> phases = List.of(
                new Phase("publish.single", Math.max(1_000, n / 10), NOTHING, Contender::publishSingle),
                new Phase("publish.threads", n, NOTHING, Contender::publishThreads),
                new Phase("publish.bulk", n, NOTHING, publish),
                new Phase("drain", n, publish, Contender::drain),
                new Phase("both", n, NOTHING, Contender::both));
        Map<String, Cost> cold = new LinkedHashMap<>();
        Map<String, Cost> warm = new LinkedHashMap<>();
        Map<String, Cost> warmFloor = new LinkedHashMap<>();
        for (Phase phase : phases) {
            progress.accept(phase.name());
            cold.put(phase.name(), once(server, hark, phase));
            for (int i = 0; i < WARM_UPS; i++) {
                once(server, hark, phase);
                if (floor != null) {
                    once(server, floor, phase);
                }
            }
            List<Cost> rounds = new ArrayList<>();
            List<Cost> floorRounds = new ArrayList<>();
            for (int i = 0; i < options.rounds(); i++) {
                rounds.add(once(server, hark, phase));
                if (floor != null) {
                    floorRounds.add(once(server, floor, phase));
                }
            }
            warm.put(phase.name(), median(rounds));
            if (floor != null) {
                warmFloor.put(phase.name(), median(floorRounds));
            }
        }
        Slow slow = slow(server, hark);
        Slow slowFloor = floor == null ? null : slow(server, floor);
        return new Report(options, server.description(), warm, cold, slow, warmFloor, slowFloor);
    }

    private Cost once(Server server, Contender contender, Phase phase) throws Exception {
        contender.clear();
        phase.before().run(contender, phase.messages());
        return server.meter()
                .measure(
                        phase.messages(),
                        contender.sentCommands(),
                        () -> phase.work().run(contender, phase.messages()));
    }

    private static Cost median(List<Cost> costs) {
        return costs.stream()
                .sorted(Comparator.comparingDouble(Cost::perSecond))
                .toList()
                .get(costs.size() / 2);
    }

    /** What takes its time however fast the rest is. */
    record Slow(Latency at500, Latency at5000, double commandsPerSecond, double clientCpuPercent, double bytes) {}

    private Slow slow(Server server, Contender contender) throws Exception {
        contender.clear();
        latency(contender, 500, pace.latency().dividedBy(5)); // warms up
        progress.accept("latency at 500 a second");
        Latency at500 = latency(contender, 500, pace.latency());
        progress.accept("latency at 5000 a second");
        Latency at5000 = latency(contender, 5_000, pace.latency());
        progress.accept("idle for " + pace.idle().toSeconds() + " s");
        AutoCloseable listening = contender.idle(IDLE_QUEUES);
        Thread.sleep(pace.settle()); // what starting costs is not idling
        Cost idle = server.meter().measure(1, Set.of(), () -> Thread.sleep(pace.idle()));
        double sent = server.sentCommands(pace.idle()) / (double) pace.idle().toSeconds();
        listening.close();
        progress.accept("memory");
        contender.clear();
        long before = server.meter().usedMemory();
        contender.publishBulk(options.messages());
        double bytes = (server.meter().usedMemory() - before) / (double) options.messages();
        contender.clear();
        return new Slow(at500, at5000, sent, 100 * idle.clientMicros() / 1e6 / idle.seconds(), bytes);
    }

    /** Publishes at fixed times, whether or not the message before has arrived, and counts from the time that was due. */
    private static Latency latency(Contender contender, int perSecond, Duration lasting) throws Exception {
        int messages = (int) (perSecond * lasting.toMillis() / 1_000);
        long[] nanos = new long[messages];
        CountDownLatch arrived = new CountDownLatch(messages);
        long step = 1_000_000_000L / perSecond;
        long start = System.nanoTime() + 10_000_000;
        AutoCloseable listening = contender.listen(id -> {
            nanos[(int) id] = System.nanoTime() - (start + id * step);
            arrived.countDown();
        });
        for (int i = 0; i < messages; i++) {
            long due = start + i * step;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            contender.publish(i);
        }
        arrived.await();
        listening.close();
        return Latency.of(nanos);
    }
}
