package dev.hark.proof;

import dev.hark.devserver.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Small runs, each with one of the kinds of trouble that {@link ProofTest} mixes, and a little traffic beside it. */
final class HardDay {

    static final Setting SETTING = new Setting("hark", Scenario.LEASE, 20, 100);

    /** Of a lease so long that heartbeats are more than two seconds apart, the most that Redis waits: all its connections idle. */
    static final Setting IDLE = new Setting("hark", Duration.ofSeconds(9), 20, 100);

    /** Of a lease so long that none lapses, and hardly a machine lets a process starve for a quarter of it. */
    static final Setting UNREPLICATED = new Setting("hark", Duration.ofSeconds(8), 20, 100).sisters(63);

    /** What runs use up that compute without an end: two of them at once would judge each other. */
    static final String PROCESSORS = "processors";

    private HardDay() {}

    /** Plays it with a clock that can be stepped. */
    static Verdict play(Setting setting, Path dir, List<Path> patches, Scenario.Play play) throws Exception {
        Path patch = Files.createDirectories(dir.resolve("clock"));
        List<Path> all = new ArrayList<>(patches);
        all.add(Clock.patch(patch, setting.prefix()).orElseThrow());
        return Scenario.play(ServerOptions.defaults(), setting, dir, all, play);
    }

    /**
     * The clock is stepped while a worker is busy and another one has just been killed: what the first holds stays with it,
     * and what the second held is taken over. Each handles five at most.
     */
    static void steppedClock(Stage stage, Duration by, Duration patience) throws InterruptedException {
        Child busy = stage.worker();
        busy.await("ready", 1);
        stage.publisher(Load.of("p", 1, 5, "hold"));
        busy.await("holds", 5);
        Child victim = stage.worker();
        victim.await("ready", 1);
        stage.publisher(Load.of("q", 2, 5, "hold"));
        victim.await("holds", 5);
        stage.worker().await("ready", 1);
        stage.kill(victim);
        stage.stepClock(by);
        long deadline = System.nanoTime() + patience.toNanos();
        stage.await(() -> stage.info().done() >= 5 || System.nanoTime() - deadline > 0);
        busy.say("go");
        stage.awaitPublishers();
        if (stage.info().done() >= 5) {
            stage.awaitDrained(patience);
        }
        stage.stopWorkers();
    }

    /**
     * The clock is stepped while replies to publishes are lost, never that to the first batch of a sender: what Redis does
     * not know of it looks like what has not arrived. Returns how often one was lost.
     */
    static int stepUnderReply(Stage stage, Duration by) throws InterruptedException {
        stage.worker().await("ready", 1);
        Child publisher = livelyPublisher(stage, 1_000);
        int caught = 0;
        for (int i = 0; i < 3; i++) {
            long before = stage.info().done();
            stage.await(() -> stage.info().done() > before + 200); // four times as much as is under way at once
            caught += stage.stepClockUnderReply(publisher, by) ? 1 : 0;
        }
        stage.stopPublishers();
        stage.awaitDrained(Scenario.PATIENCE);
        stage.stopWorkers();
        return caught;
    }

    /** A heap is full for some seconds; messages come before, meanwhile and afterwards. */
    static void fullHeap(Stage stage, Duration patience) throws InterruptedException {
        Child worker = stage.worker();
        worker.await("ready", 1);
        stage.publisher(Load.of("p", 1, 600, "plain").perSecond(100));
        stage.await(() -> stage.info().done() > 50);
        stage.fillHeap(worker, Duration.ofSeconds(4));
        stage.awaitPublishers();
        stage.awaitDrained(patience);
        stage.kill(worker);
    }

    /** Handlers compute without an end, and a publisher; returns how many had ended when they were settled as too late. */
    static int endless(Stage stage) throws InterruptedException {
        Child worker = stage.worker();
        worker.await("ready", 1);
        Child publisher = livelyPublisher(stage, 100);
        int[] ended = {-1};
        stage.endless(publisher, () -> {
            stage.await(() -> stage.info().retried() >= Job.CORES);
            ended[0] = worker.said("computed");
        });
        stage.stopPublishers();
        stage.awaitDrained(Scenario.PATIENCE);
        stage.stopWorkers();
        return ended[0];
    }

    /** Messages to 64 queues wish to be on a replica, which there is not. */
    static void missingReplica(Stage stage) throws InterruptedException {
        stage.worker().await("ready", 1);
        Child publisher = livelyPublisher(stage, 200);
        stage.unreplicated(publisher);
        stage.stopPublishers();
        stage.awaitDrained(Scenario.PATIENCE);
        stage.stopWorkers();
    }

    /** Strangers add entries of all kinds. */
    static void strangers(Stage stage, Duration patience) throws InterruptedException {
        stage.worker().await("ready", 1);
        livelyPublisher(stage, 200);
        stage.await(() -> stage.info().done() > 20);
        stage.addHostile();
        long before = stage.info().done();
        stage.await(() -> stage.info().done() > before + 200);
        stage.stopPublishers();
        stage.awaitDrained(patience);
        stage.stopWorkers();
    }

    /** Until it is told to stop. */
    private static Child livelyPublisher(Stage stage, int perSecond) throws InterruptedException {
        Child publisher =
                stage.publisher(Load.of("p", 1, 100, "plain").until(100_000).perSecond(perSecond));
        publisher.await("ready", 1);
        return publisher;
    }

    /** Redis closes idle connections, and a worker is killed. */
    static void idleConnections(Stage stage, Duration patience) throws InterruptedException {
        stage.closeIdle(() -> Scenario.killedWorker(stage, patience));
    }

    /** Each of many queues gets ten messages. */
    static void manyQueues(Stage stage, int queues) throws InterruptedException {
        stage.worker().await("ready", 1);
        stage.worker().await("ready", 1);
        stage.publisher(Load.of("p", 1, 10L * queues, "plain").perSecond(500).sisterEvery(1));
        stage.awaitPublishers();
        stage.awaitDrained(Scenario.PATIENCE);
        stage.stopWorkers();
    }
}
