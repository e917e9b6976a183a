package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ProofTest} mixes, one kind at a time and with a sharper eye. */
class HardDaysTest {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(ints = {5, -5, 3_600, -3_600})
    void aStepOfRedisClockNeitherEndsNorExtendsALease(int seconds) throws Exception {
        Setting five = new Setting("hark", Scenario.LEASE, 5, 100);
        Verdict verdict =
                play(five, stage -> HardDay.steppedClock(stage, Duration.ofSeconds(seconds), Scenario.PATIENCE));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.handled()).isEqualTo(10);
        assertThat(verdict.times("messages taken over")).isEqualTo(5);
        assertThat(verdict.slowestRecoveryMillis()).isLessThan(20_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {3_600, -3_600})
    void aStepWhileAReplyIsLostPublishesNothingTwice(int seconds) throws Exception {
        AtomicInteger caught = new AtomicInteger();
        Verdict verdict =
                play(HardDay.SETTING, stage -> caught.set(HardDay.stepUnderReply(stage, Duration.ofSeconds(seconds))));

        assertThat(verdict.problems()).isEmpty();
        assertThat(caught).hasPositiveValue();
        assertThat(verdict.unknown()).isZero();
    }

    @Test
    void whereAStepMakesRedisForgetThePublisherALostReplyMeansUnknown() throws Exception {
        Verdict verdict = play(HardDay.SETTING, stage -> HardDay.stepUnderReply(stage, Duration.ofHours(25)));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.unknown()).isPositive();
    }

    @Test
    void aWorkerWhoseHeapWasFullWorksOn() throws Exception {
        Verdict verdict = play(HardDay.SETTING.sisters(1), stage -> HardDay.fullHeap(stage, Scenario.PATIENCE));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("heaps filled")).isEqualTo(1);
        assertThat(verdict.handled()).isEqualTo(600);
    }

    @Test
    @ResourceLock(HardDay.PROCESSORS)
    void publishingAndSettlingGoOnBesideEndlessHandlers() throws Exception {
        AtomicInteger endedMeanwhile = new AtomicInteger(-1);
        Verdict verdict = play(HardDay.SETTING.sisters(1), stage -> endedMeanwhile.set(HardDay.endless(stage)));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("handlers timed out")).isGreaterThanOrEqualTo(Job.CORES);
        assertThat(endedMeanwhile)
                .as("computations that ended before they were settled")
                .hasValue(0);
    }

    @Test
    void whoWishesForAReplicaThatIsNotThereKeepsNobodyWaiting() throws Exception {
        Verdict verdict = play(HardDay.UNREPLICATED, HardDay::missingReplica);

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("replicas missed")).isEqualTo(1);
        assertThat(verdict.slowestPublishMillis()).isLessThan(3_000);
    }

    @Test
    void whatStrangersAddDiesOrIsKeptAndStopsNobody() throws Exception {
        Verdict verdict = play(HardDay.SETTING.sisters(2), stage -> HardDay.strangers(stage, Scenario.PATIENCE));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.slowestStartMillis()).isLessThan(10_000);
    }

    @Test
    void whereRedisClosesIdleConnectionsTheDeadAreTakenOver() throws Exception {
        Verdict verdict = play(HardDay.IDLE, stage -> HardDay.idleConnections(stage, Scenario.PATIENCE));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.times("idle connections closed")).isEqualTo(1);
        assertThat(verdict.times("messages taken over")).isEqualTo(5);
    }

    @Test
    void noneOfHundredsOfQueuesIsStarved() throws Exception {
        int queues = Size.figure("queues", 200, 1_000);
        Verdict verdict = play(HardDay.SETTING.sisters(queues), stage -> HardDay.manyQueues(stage, queues));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.handled()).isEqualTo(10L * queues);
        assertThat(verdict.slowestStartMillis()).isLessThan(10_000);
    }

    private Verdict play(Setting setting, Scenario.Play play) throws Exception {
        return HardDay.play(setting, dir, List.of(), play);
    }
}
