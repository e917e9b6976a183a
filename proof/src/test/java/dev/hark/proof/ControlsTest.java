package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checker that cannot see a broken promise proves nothing. Here each defence is taken out in turn: the same small run
 * that holds with it must be found broken without it.
 */
class ControlsTest {

    /** How much longer a run without a defence waits than the same run with it took. */
    private static final int LONGER = 3;

    @TempDir
    private Path dir;

    private Path with;
    private Path without;
    private Path patch;

    @BeforeEach
    void folders() throws Exception {
        with = Files.createDirectory(dir.resolve("with"));
        without = Files.createDirectory(dir.resolve("without"));
        patch = Files.createDirectory(dir.resolve("patch"));
    }

    @Test
    void theGateOfXack() throws Exception {
        Path out = Patch.script(
                patch,
                "settle",
                "if redis.call('XACK', ready, GROUP, entry) == 1 then",
                "if redis.call('XACK', ready, GROUP, entry) >= 0 then");

        Verdict green = Scenario.play(with, List.of(), Scenario::pausedWorker);
        Verdict red = Scenario.play(without, List.of(out), Scenario::pausedWorker);

        // More where the machine starves them: taken over once more, or counted again when Redis answers late, since
        // nothing is remembered of a session that is dead.
        assertThat(green.problems()).isEmpty();
        assertThat(green.times("late outcomes refused")).isGreaterThanOrEqualTo(5);
        assertThat(green.times("messages taken over")).isGreaterThanOrEqualTo(5);
        assertThat(green.handledAgain()).isGreaterThanOrEqualTo(5);
        assertThat(red.problems()).anyMatch(problem -> problem.matches("the queue counts 1\\d done, the journals 5"));
    }

    @Test
    void theNumberOfThePublishersBatch() throws Exception {
        Path out = Patch.script(patch, "publish", "if sequence == last then", "if sequence < 0 then");

        Verdict green = Scenario.play(with, List.of(), Scenario::lostPublishReplies);
        Verdict red = Scenario.play(without, List.of(out), Scenario::lostPublishReplies);

        assertThat(green.problems()).isEmpty();
        assertThat(green.times("publishes answered again")).isEqualTo(5);
        assertThat(green.handled()).isEqualTo(2_000);
        assertThat(red.unexplained()).isPositive();
    }

    @Test
    void theReaper() throws Exception {
        Path out = Patch.type(patch, "engine/listen/Reaper", "return cadence.steady(received);", "return false;");

        long begun = System.nanoTime();
        Verdict green = Scenario.play(with, List.of(), stage -> Scenario.killedWorker(stage, Scenario.PATIENCE));
        Duration longEnough = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(LONGER);
        assertThat(green.problems()).isEmpty();
        Verdict red = Scenario.play(without, List.of(out), stage -> Scenario.killedWorker(stage, longEnough));

        assertThat(green.times("messages taken over")).isEqualTo(5);
        assertThat(red.lost()).isEqualTo(5);
    }

    @Test
    void theLookAtWhatIsPending() throws Exception {
        Path out = Patch.type(
                patch,
                "engine/listen/InFlight",
                "settler.settle(new Settlement.Lost(entry, mostAttempts), entry, Settler.UNKNOWN_BYTES);",
                "suspects.clear();");

        long begun = System.nanoTime();
        Verdict green = Scenario.play(with, List.of(), stage -> Scenario.lostClaimReply(stage, Scenario.PATIENCE));
        Duration longEnough = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(LONGER);
        assertThat(green.problems()).isEmpty();
        Verdict red = Scenario.play(without, List.of(out), stage -> Scenario.lostClaimReply(stage, longEnough));

        assertThat(green.times("messages taken over")).isZero();
        assertThat(red.lost()).isPositive();
    }

    @Test
    void theAttemptThatCountsBeforeItIsDecoded() throws Exception {
        String begin = "int attempt = envelope.attempts() + 1;";
        Path out = Patch.type(
                patch,
                "engine/listen/Delivery",
                begin,
                begin
                        + " try { binding.prepare(envelope, Meta.read(envelope.meta()), attempt); }"
                        + " catch (Exception e) { throw new IllegalStateException(e); }");

        long begun = System.nanoTime();
        Verdict green = Scenario.play(with, List.of(), stage -> Scenario.crashingBody(stage, Scenario.PATIENCE));
        Duration longEnough = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(LONGER);
        assertThat(green.problems()).isEmpty();
        Verdict red = Scenario.play(without, List.of(out), stage -> Scenario.crashingBody(stage, longEnough));

        assertThat(green.dead()).isEqualTo(1);
        assertThat(green.times("workers crashed")).isEqualTo(3);
        assertThat(red.lost()).isEqualTo(1);
    }
}
