package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis reaches its maxmemory while messages are handled: publishers are told, and what was accepted is handled. */
class FullMemoryTest {

    @TempDir
    private Path dir;

    @Test
    void whatIsRefusedIsNotThereAndAllElseIsHandled() throws Exception {
        ServerOptions options =
                ServerOptions.defaults().with("maxmemory", "12mb").with("maxmemory-policy", "noeviction");
        Verdict verdict =
                Scenario.play(options, new Setting("hark", Scenario.LEASE, 20, 100), dir, List.of(), stage -> {
                    Child victim = stage.worker();
                    victim.await("ready", 1);
                    stage.publisher(Load.of("p", 1, 20_000, "unlucky").size(2_000));
                    stage.awaitPublishers();
                    stage.kill(victim);
                    stage.worker();
                    stage.awaitDrained(Scenario.PATIENCE);
                    stage.stopWorkers();
                });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.refused()).isPositive();
        assertThat(verdict.handled()).isPositive().isEqualTo(verdict.acknowledged());
    }
}
