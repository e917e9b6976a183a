package dev.hark.cli.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.proof.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProveResultTest {

    private static ProveResult result(long lost, String... problems) {
        Verdict verdict = new Verdict(
                1_000,
                990,
                10,
                4,
                0,
                980,
                14 - lost,
                lost,
                0,
                0,
                0,
                Map.of("paused", 3),
                4_200,
                0,
                12,
                340,
                List.of(new Verdict.Act("processes killed", 2)),
                List.of(problems));
        return new ProveResult(7, verdict);
    }

    @Test
    void promisesThatHoldAreSaidWithWhatWasDone() {
        ProveResult result = result(0);

        assertThat(result.exitCode()).isZero();
        assertThat(result.text().lines())
                .contains("Seed 7", "Every promise held.")
                .anyMatch(line -> line.matches(" +processes killed +2"))
                .anyMatch(line -> line.matches(" +lost +0"))
                .anyMatch(line -> line.matches(" +handled again +3 +3 paused"))
                .anyMatch(line ->
                        line.matches(" +slowest recovery +4.2 s  from the first fault that met it; no bound, .*"))
                .anyMatch(line -> line.matches(" +slowest answer, unhurt +0.0 s  at most 5 s, .*"));
        assertThat(result.json())
                .startsWith("{\"seed\":7,\"holds\":true,\"messages\":1000,")
                .contains("\"unknownThere\":4", "\"lost\":0", "\"duplicates\":{\"paused\":3}", "\"problems\":[]");
    }

    @Test
    void aBrokenPromiseIsNamedAndFails() {
        ProveResult result = result(1, "message a is lost");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.text()).contains("BROKEN: message a is lost").endsWith("A promise broke.");
        assertThat(result.json()).contains("\"holds\":false", "\"lost\":1", "\"problems\":[\"message a is lost\"]");
    }
}
