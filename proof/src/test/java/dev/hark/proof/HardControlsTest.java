package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Takes out what there is for hard days, one defence at a time: the day that holds with it, as {@link HardDaysTest} shows in
 * the same build, must be found broken without it.
 */
class HardControlsTest {

    /** Many times longer than what is waited for takes with the defence. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    /** How many days may pass until one that depends on chance breaks. */
    private static final int DAYS = 8;

    @TempDir
    private Path dir;

    @Test
    void theLeasesThatMoveWithTheClock() throws Exception {
        Path out = Patch.script(dir, "sweep", "move_leases(sessions, stats, time, lease)", "false");

        Setting five = new Setting("hark", Scenario.LEASE, 5, 100);
        Verdict red = play(five, List.of(out), stage -> HardDay.steppedClock(stage, Duration.ofHours(-1), LONG_ENOUGH));

        assertThat(red.lost()).isEqualTo(5);
    }

    @Test
    void thePublisherThatKnowsThatItIsForgotten() throws Exception {
        Path out = Patch.type(
                dir,
                "engine/publish/NumberedBatch",
                "yield kept == 0 && maybeSent ? forgotten() : again();",
                "yield again();");

        Verdict red = play(HardDay.SETTING, List.of(out), stage -> HardDay.stepUnderReply(stage, Duration.ofHours(25)));

        assertThat(red.problems()).anyMatch(problem -> problem.contains("was published more than once"));
    }

    @Test
    void theLoopThatNothingEnds() throws Exception {
        Path out = Patch.type(dir, "engine/Loop", "rest();", "return;");

        // A loop ends only if the heap is full just when it deals with a failure: not on each such day.
        long lost = 0;
        for (int day = 1; day <= DAYS && lost == 0; day++) {
            lost = HardDay.play(
                            HardDay.SETTING.sisters(1),
                            Files.createDirectories(dir.resolve("day" + day)),
                            List.of(out),
                            stage -> HardDay.fullHeap(stage, LONG_ENOUGH))
                    .lost();
        }

        assertThat(lost).isPositive();
    }

    @Test
    @ResourceLock(HardDay.PROCESSORS)
    void theThreadsThatHandlersCannotTake() throws Exception {
        Path out = Patch.type(
                dir, "engine/batch/GroupCommit", "env.own().execute(task);", "env.handlers().execute(task);");

        AtomicInteger endedMeanwhile = new AtomicInteger();
        play(HardDay.SETTING.sisters(1), List.of(out), stage -> endedMeanwhile.set(HardDay.endless(stage)));

        assertThat(endedMeanwhile).hasPositiveValue();
    }

    @Test
    void thePoolOfThoseWhoWaitForReplicas() throws Exception {
        Path out = Patch.type(
                dir,
                "redis/Publishing",
                "durably = calls.with(Purpose.DURABLE);",
                "durably = calls.with(Purpose.PUBLISHING);");

        Verdict red = play(HardDay.UNREPLICATED, List.of(out), HardDay::missingReplica);

        assertThat(red.slowestPublishMillis()).isGreaterThan(3_000);
    }

    @Test
    void theOneGrammar() throws Exception {
        Path out = Patch.type(
                dir,
                "engine/message/Head",
                "([0-9]{1,15}) ([0-9]{1,9}) (",
                "([0-9]{1,15}) (-?[0-9]{1,9}) ("); // not so in Lua

        Verdict red = play(HardDay.SETTING.sisters(2), List.of(out), stage -> HardDay.strangers(stage, LONG_ENOUGH));

        assertThat(red.problems())
                .contains("hostile-1x, which a stranger added, is no dead letter")
                .noneMatch(problem -> problem.startsWith("hostile-") && !problem.startsWith("hostile-1x"));
    }

    /** Either of the two would do: a lost heartbeat is sent again at once, and one that failed ends no cadence. */
    @Test
    void theHeartbeatThatMayBeLost() throws Exception {
        Path once = Patch.type(
                dir.resolve("once"),
                "redis/wire/LeaseLinks",
                "if (!kept.broken() || RedisErrors.timedOut(e)) {",
                "if (true) {");
        Path strict = Patch.type(
                dir.resolve("strict"),
                "engine/listen/Reaper",
                "unfinished.add(due);",
                "unfinished.add(due); cadences.remove(due.queue());");

        Duration threeLeases = HardDay.IDLE.lease().multipliedBy(3);
        Verdict red = play(HardDay.IDLE, List.of(once, strict), stage -> HardDay.idleConnections(stage, threeLeases));

        assertThat(red.lost()).isEqualTo(5);
    }

    private Verdict play(Setting setting, List<Path> patches, Scenario.Play play) throws Exception {
        return HardDay.play(setting, dir, patches, play);
    }
}
