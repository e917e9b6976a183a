package dev.hark.proof;

import dev.hark.devserver.DevServer;
import dev.hark.devserver.Fsync;
import dev.hark.devserver.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
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
        Setting setting = new Setting(prefix, options.lease(), CONCURRENCY, MANY);
        try (Stage stage = new Stage(login, setting, dir, List.of())) {
            Verdict verdict = run(stage, server);
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

    private Verdict run(Stage stage, @Nullable DevServer server) throws InterruptedException {
        for (int i = 0; i < options.workers(); i++) {
            stage.worker().await("ready", 1);
        }
        List<Child> publishers = new ArrayList<>();
        long each = options.lasting().toSeconds() * options.perSecond() / PUBLISHERS;
        for (int i = 1; i <= PUBLISHERS; i++) {
            Load load = Load.of("publisher" + i, options.seed() + i, each, Load.MIX);
            publishers.add(stage.publisher(load.until(Long.MAX_VALUE).perSecond(options.perSecond() / PUBLISHERS)));
        }
        List<Act> plan = plan(stage.proxied(), server != null);
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
        stage.workers().forEach(stage::kill); // with the handlers that hang
        for (int i = 0; i < options.workers(); i++) {
            stage.worker().say("go"); // what still waits may be of the kind that hangs
        }
        stage.awaitDrained(DRAINING);
        stage.stopWorkers();
        return stage.verdict();
    }

    /** What is done now and then. */
    private enum Act {
        KILL("killing a worker"),
        PAUSE("pausing a worker"),
        CUT_OFF("holding connections half-open"),
        CUT("cutting connections"),
        SLOW("slowing connections down"),
        KILL_REDIS("killing Redis");

        private final String words;

        Act(String words) {
            this.words = words;
        }
    }

    private List<Act> plan(boolean proxied, boolean ownServer) {
        List<Act> plan = new ArrayList<>();
        plan.addAll(Collections.nCopies(options.kills(), Act.KILL));
        plan.addAll(Collections.nCopies(options.pauses(), Act.PAUSE));
        if (proxied) {
            plan.addAll(Collections.nCopies(options.cutOffs(), Act.CUT_OFF));
            plan.addAll(Collections.nCopies(options.cuts(), Act.CUT));
            plan.addAll(Collections.nCopies(options.slowdowns(), Act.SLOW));
        }
        if (ownServer) {
            plan.addAll(Collections.nCopies(options.redisKills(), Act.KILL_REDIS));
        }
        Collections.shuffle(plan, random);
        return plan;
    }

    private void act(Act act, Stage stage, List<Child> publishers, @Nullable DevServer server)
            throws InterruptedException {
        List<Child> workers = stage.workers();
        List<Child> all = Stream.concat(workers.stream(), publishers.stream()).toList();
        Duration some = options.lease().dividedBy(100).multipliedBy(50 + random.nextInt(250));
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
