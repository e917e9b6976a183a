package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clocks of clients are an hour off. Nothing can set the clock of one process, so it is Redis's clock that is moved,
 * as the scripts of all clients see it.
 */
class ClockTest {

    private static final String CLOCK = "return t[1] * 1000 + math.floor(t[2] / 1000)";

    @TempDir
    private Path dir;

    @TempDir
    private Path patch;

    @ParameterizedTest
    @ValueSource(ints = {3_600_000, -3_600_000})
    void delaysLeasesAndRecoveryGoByTheClockOfRedis(int millis) throws Exception {
        Path moved = Patch.script(patch, "lib/time", CLOCK, CLOCK + " + " + millis);

        Verdict verdict = Scenario.play(
                ServerOptions.defaults(), new Setting("hark", Scenario.LEASE, 20, 100), dir, List.of(moved), stage -> {
                    Child victim = stage.worker();
                    victim.await("ready", 1);
                    stage.publisher(Load.of("p", 1, 400, Load.MIX));
                    stage.awaitPublishers();
                    stage.kill(victim);
                    Child second = stage.worker();
                    second.await("ready", 1);
                    stage.await(() -> stage.info().recovered() > 0);
                    stage.kill(second);
                    stage.worker().say("go");
                    stage.awaitDrained(Scenario.PATIENCE);
                    stage.stopWorkers();
                });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.acknowledged()).isEqualTo(400);
        assertThat(verdict.times("messages taken over")).isPositive();
        assertThat(verdict.slowestRecoveryMillis()).isLessThan(30_000);
    }
}
