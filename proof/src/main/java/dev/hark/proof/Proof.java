package dev.hark.proof;

import dev.hark.devserver.DevServer;
import dev.hark.devserver.Fsync;
import dev.hark.devserver.ServerOptions;
import dev.hark.proof.Fault.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A proof run: publishers publish a mix of messages, workers handle them, all are hurt again and again, and in the end a
 * checker says whether every promise held.
 */
public final class Proof {

    private static final int PUBLISHERS = 2;
    private static final int CONCURRENCY = 20;
    private static final int MANY = 1_000_000;
    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration DRAINING = Duration.ofMinutes(5);

    private final Options options;
    private final Consumer<String> progress;
    private final Random random;
    private int stepped;
    private final String prefix = "hark-prove-"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    /**
     * Prepares a run.
     *
     * @param progress told what is being done
     */
    public Proof(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
        random = new Random(options.seed());
    }

    /** What the keys of the run begin with: two runs on one Redis do not meet. */
    public String prefix() {
        return prefix;
    }

    /** Runs on a Redis of its own, which is killed, too. */
    public Verdict run() throws InterruptedException {
        ServerOptions always = ServerOptions.defaults().appendOnly(Fsync.ALWAYS);
        try (DevServer server = DevServer.start(Login.withUsers(always, prefix))) {
            progress.accept("started Redis " + server.version() + " on " + server.url());
            return run(Login.byRole(server.url(), prefix), server);
        }
    }

    /**
     * Runs on this Redis, under keys of its own that are removed in the end, also when the run is interrupted. The server
     * is neither stopped, nor filled, nor configured.
     */
    public Verdict run(String url) throws InterruptedException {
        try {
            return run(Login.given(url), null);
        } finally {
            removeKeys(url);
        }
    }

    private void removeKeys(String url) {
        try (Admin admin = new Admin(URI.create(url))) {
            admin.remove(prefix);
        }
    }

    private Verdict run(Login login, @Nullable DevServer server) throws InterruptedException {
        Path dir = temporary();
        boolean keep = true;
        Setting setting = new Setting(prefix, options.lease(), CONCURRENCY, MANY).sisters(options.sisters());
        Optional<Path> clock = Clock.patch(dir.resolve("clock"), prefix);
        if (clock.isEmpty()) {
            progress.accept(
                    "the clock of Redis is not stepped: its scripts tell the time in another way than is known");
        }
        try (Stage stage = new Stage(login, setting, dir, clock.stream().toList())) {
            Verdict verdict = run(stage, clock.isPresent(), server);
            keep = !verdict.holds();
            if (keep) {
                progress.accept("the journals are kept in " + dir);
            }
            return verdict;
        } catch (InterruptedException e) {
            keep = false;
            throw e;
        } finally {
            if (!keep) {
                delete(dir);
            }
        }
    }

    private Verdict run(Stage stage, boolean steppable, @Nullable DevServer server) throws InterruptedException {
        for (int i = 0; i < options.workers(); i++) {
            stage.worker().await("ready", 1);
        }
        List<Child> publishers = new ArrayList<>();
        long each = options.lasting().toSeconds() * options.perSecond() / PUBLISHERS;
        for (int i = 1; i <= PUBLISHERS; i++) {
            Load load = Load.of("publisher" + i, options.seed() + i, each, Load.MIX);
            publishers.add(stage.publisher(load.until(Long.MAX_VALUE).perSecond(options.perSecond() / PUBLISHERS)));
        }
        Map<Act, Integer> planned = plan(stage.proxied(), server != null, steppable);
        List<Act> plan = shuffled(planned);
        long start = System.nanoTime();
        for (int i = 0; i < plan.size(); i++) {
            long due = start + options.lasting().toNanos() / plan.size() * i;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            progress.accept((i + 1) + " of " + plan.size() + ": " + plan.get(i).words);
            act(plan.get(i), stage, publishers, server);
        }
        TimeUnit.NANOSECONDS.sleep(start + options.lasting().toNanos() - System.nanoTime());
        progress.accept("waiting until all is handled");
        stage.stopPublishers();
        if (stepped > 0) {
            stage.stepClockBeyond(); // what was published in a later hour is due then
        }
        stage.workers().forEach(stage::kill); // with the handlers that hang
        for (int i = 0; i < options.workers(); i++) {
            stage.worker().say("go"); // what still waits may be of the kind that hangs
        }
        stage.awaitDrained(DRAINING);
        stage.stopWorkers();
        Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
        planned.forEach((act, times) -> kinds.put(act.kind, times));
        return stage.verdict(kinds);
    }

    /** What is done now and then. */
    private enum Act {
        KILL(Kind.KILLED, "killing a worker"),
        PAUSE(Kind.PAUSED, "pausing a worker"),
        CUT_OFF(Kind.CUT_OFF, "holding connections half-open"),
        CUT(Kind.CONNECTIONS_CUT, "cutting connections"),
        SLOW(Kind.SLOWED, "slowing connections down"),
        KILL_REDIS(Kind.REDIS_KILLED, "killing Redis"),
        STEP(Kind.CLOCK_STEPPED, "stepping the clock of Redis"),
        FILL(Kind.HEAP_FULL, "filling the heap of a worker"),
        COMPUTE(Kind.ENDLESS, "computing without an end"),
        MISS(Kind.UNREPLICATED, "wishing for replicas that are not there"),
        ADD(Kind.HOSTILE, "adding entries as strangers"),
        IDLE(Kind.IDLE_CLOSED, "closing idle connections");

        private final Kind kind;
        private final String words;

        Act(Kind kind, String words) {
            this.kind = kind;
            this.words = words;
        }
    }

    private Map<Act, Integer> plan(boolean proxied, boolean ownServer, boolean steppable) {
        Map<Act, Integer> plan = new EnumMap<>(Act.class);
        plan.put(Act.KILL, options.kills());
        plan.put(Act.PAUSE, options.pauses());
        if (proxied) {
            plan.put(Act.CUT_OFF, options.cutOffs());
            plan.put(Act.CUT, options.cuts());
            plan.put(Act.SLOW, options.slowdowns());
        }
        if (steppable) {
            plan.put(Act.STEP, options.clockSteps());
        }
        plan.put(Act.FILL, options.fullHeaps());
        plan.put(Act.COMPUTE, options.endless());
        plan.put(Act.ADD, options.hostile());
        if (ownServer) {
            plan.put(Act.KILL_REDIS, options.redisKills());
            plan.put(Act.MISS, options.unreplicated());
            plan.put(Act.IDLE, options.idle());
        }
        return plan;
    }

    private List<Act> shuffled(Map<Act, Integer> plan) {
        List<Act> acts = new ArrayList<>();
        plan.forEach((act, times) -> acts.addAll(Collections.nCopies(times, act)));
        Collections.shuffle(acts, random);
        return acts;
    }

    private void act(Act act, Stage stage, List<Child> publishers, @Nullable DevServer server)
            throws InterruptedException {
        List<Child> workers = stage.workers();
        List<Child> all = Stream.concat(workers.stream(), publishers.stream()).toList();
        Duration some = options.lease().dividedBy(100).multipliedBy(50 + random.nextInt(250));
        Duration aWhile = options.lease().multipliedBy(3).dividedBy(2);
        switch (act) {
            case KILL -> {
                stage.kill(any(workers));
                stage.worker();
            }
            case PAUSE -> stage.pause(any(workers), () -> Thread.sleep(some));
            case CUT_OFF -> stage.cutOff(any(all), () -> Thread.sleep(some));
            case CUT -> stage.cutConnections(any(all));
            case SLOW -> stage.slow(any(all), DELAY, () -> Thread.sleep(options.lease()));
            case KILL_REDIS -> {
                if (server != null) {
                    stage.killRedis(server);
                }
            }
            case STEP -> {
                Duration by = Clock.steps().get(stepped++ % Clock.steps().size());
                if (stage.proxied()) {
                    stage.stepClockUnderReply(any(publishers), by);
                } else {
                    stage.stepClock(by);
                }
            }
            case FILL -> stage.fillHeap(any(workers), aWhile);
            case COMPUTE -> stage.endless(any(publishers), () -> {});
            case MISS -> stage.unreplicated(any(publishers));
            case ADD -> stage.addHostile();
            case IDLE -> stage.closeIdle(() -> Thread.sleep(aWhile));
        }
    }

    private Child any(List<Child> children) {
        return children.get(random.nextInt(children.size()));
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("hark-proof-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path dir) {
        try (Stream<Path> walk = Files.walk(dir)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
