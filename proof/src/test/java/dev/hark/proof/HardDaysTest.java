package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ProofTest} mixes, one kind at a time and with a sharper eye. */
class HardDaysTest {

    private static final Setting SETTING = new Setting("hark", Scenario.LEASE, 20, 100);

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(ints = {5, -5, 3_600, -3_600})
    void aStepOfRedisClockNeitherEndsNorExtendsALease(int seconds) throws Exception {
        Verdict verdict = play(
                new Setting("hark", Scenario.LEASE, 5, 100),
                stage -> Scenario.steppedClock(stage, Duration.ofSeconds(seconds), Scenario.PATIENCE));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.handled()).isEqualTo(10);
        assertThat(verdict.times("messages taken over")).isEqualTo(5);
        assertThat(verdict.slowestRecoveryMillis()).isLessThan(20_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {3_600, -3_600})
    void aStepWhileAReplyIsLostPublishesNothingTwice(int seconds) throws Exception {
        AtomicInteger caught = new AtomicInteger();
        Verdict verdict = play(SETTING, stage -> {
            stage.worker().await("ready", 1);
            Child publisher = stage.publisher(Load.of("p", 1, 2_000, "plain").perSecond(1_000));
            publisher.await("ready", 1);
            for (int i = 0; i < 3; i++) {
                caught.addAndGet(stage.stepClockUnderReply(publisher, Duration.ofSeconds(seconds)) ? 1 : 0);
            }
            stage.awaitPublishers();
            stage.awaitDrained(Scenario.PATIENCE);
            stage.stopWorkers();
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(caught).hasPositiveValue();
    }

    @Test
    void aWorkerWhoseHeapWasFullWorksOn() throws Exception {
        Verdict verdict = play(SETTING.sisters(1), stage -> {
            Child worker = stage.worker();
            worker.await("ready", 1);
            stage.publisher(Load.of("p", 1, 600, "plain").perSecond(100)); // before, meanwhile and afterwards
            stage.await(() -> stage.info().done() > 50);
            stage.fillHeap(worker, Duration.ofSeconds(4));
            stage.awaitPublishers();
            stage.awaitDrained(Scenario.PATIENCE);
            stage.kill(worker);
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("heaps filled")).isEqualTo(1);
        assertThat(verdict.handled()).isEqualTo(600);
    }

    @Test
    void publishingAndSettlingGoOnBesideEndlessHandlers() throws Exception {
        AtomicInteger endedMeanwhile = new AtomicInteger(-1);
        Verdict verdict = play(SETTING.sisters(1), stage -> {
            Child worker = stage.worker();
            worker.await("ready", 1);
            Child publisher =
                    stage.publisher(Load.of("p", 1, 100, "plain").until(100_000).perSecond(100));
            publisher.await("ready", 1);
            stage.endless(publisher, () -> {
                stage.await(() -> stage.info().active() <= Job.CORES);
                endedMeanwhile.set(worker.said("computed"));
            });
            stage.stopPublishers();
            stage.awaitDrained(Scenario.PATIENCE);
            stage.stopWorkers();
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("handlers timed out")).isGreaterThanOrEqualTo(Job.CORES);
        assertThat(endedMeanwhile)
                .as("computations that ended before the rest was settled")
                .hasValue(0);
    }

    @Test
    void whoWishesForAReplicaThatIsNotThereKeepsNobodyWaiting() throws Exception {
        Verdict verdict = play(SETTING.sisters(63), stage -> {
            stage.worker().await("ready", 1);
            Child publisher =
                    stage.publisher(Load.of("p", 1, 100, "plain").until(100_000).perSecond(200));
            publisher.await("ready", 1);
            stage.unreplicated(publisher);
            stage.stopPublishers();
            stage.awaitDrained(Scenario.PATIENCE);
            stage.stopWorkers();
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("replicas missed")).isEqualTo(1);
        assertThat(verdict.slowestPublishMillis()).isLessThan(3_000);
    }

    @Test
    void whatStrangersAddDiesOrIsKeptAndStopsNobody() throws Exception {
        Verdict verdict = play(SETTING.sisters(2), stage -> {
            Child worker = stage.worker();
            worker.await("ready", 1);
            Child publisher =
                    stage.publisher(Load.of("p", 1, 100, "plain").until(100_000).perSecond(200));
            publisher.await("ready", 1);
            stage.await(() -> stage.info().done() > 20);
            stage.addHostile();
            long before = stage.info().done();
            stage.await(() -> stage.info().done() > before + 200);
            stage.stopPublishers();
            stage.awaitDrained(Scenario.PATIENCE);
            stage.stopWorkers();
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.slowestStartMillis()).isLessThan(10_000);
    }

    @Test
    void whereRedisClosesIdleConnectionsTheDeadAreTakenOver() throws Exception {
        Duration lease = Duration.ofSeconds(9); // heartbeats are more than two seconds apart, the most that Redis waits
        Verdict verdict = play(
                new Setting("hark", lease, 20, 100),
                stage -> stage.closeIdle(() -> Scenario.killedWorker(stage, Scenario.PATIENCE)));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("idle connections closed")).isEqualTo(1);
        assertThat(verdict.times("messages taken over")).isEqualTo(5);
    }

    @Test
    void noneOfHundredsOfQueuesIsStarved() throws Exception {
        int queues = Size.figure("queues", 200, 1_000);
        Verdict verdict = play(SETTING.sisters(queues), stage -> {
            stage.worker().await("ready", 1);
            stage.worker().await("ready", 1);
            stage.publisher(
                    Load.of("p", 1, 10L * queues, "plain").perSecond(500).sisterEvery(1));
            stage.awaitPublishers();
            stage.awaitDrained(Scenario.PATIENCE);
            stage.stopWorkers();
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.handled()).isEqualTo(10L * queues);
        assertThat(verdict.slowestStartMillis()).isLessThan(10_000);
    }

    private Verdict play(Setting setting, Scenario.Play play) throws Exception {
        Path patch = Files.createDirectory(dir.resolve("patch"));
        Path clock = Clock.patch(patch, setting.prefix()).orElseThrow();
        return Scenario.play(ServerOptions.defaults(), setting, dir, List.of(clock), play);
    }
}
