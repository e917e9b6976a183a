package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publisher is killed before it hears what became of its last batch. */
class KilledPublisherTest {

    @TempDir
    private Path dir;

    @Test
    void whatItDidNotHearOfIsThereOnceOrNotAtAll() throws Exception {
        Verdict verdict = Scenario.play(dir, List.of(), stage -> {
            stage.worker().await("ready", 1);
            Child publisher = stage.publisher(Load.of("p", 1, 500, "plain").until(100_000));
            stage.await(() -> stage.info().done() > 500);
            Proxy.Held held = publisher.proxy().holdReply("accepted");
            held.caught().await();
            stage.kill(publisher);
            stage.awaitDrained(Scenario.PATIENCE);
            stage.stopWorkers();
        });

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.unknownThere()).isPositive();
        assertThat(verdict.handled()).isEqualTo(verdict.acknowledged() + verdict.unknownThere());
    }
}
