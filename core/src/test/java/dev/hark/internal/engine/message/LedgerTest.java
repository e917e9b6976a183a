package dev.hark.internal.engine.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.DeadLetter.Attempt;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How attempts ended. */
class LedgerTest {

    @Test
    void aLineIsAnAttempt() {
        assertThat(
                        Ledger.read(
                                "1700000000000 1 s1 java.io.IOException: no luck\n1700000000500 2 s2 the session's lease lapsed"))
                .containsExactly(
                        new Attempt(Instant.ofEpochMilli(1_700_000_000_000L), 1, "s1", "java.io.IOException: no luck"),
                        new Attempt(Instant.ofEpochMilli(1_700_000_000_500L), 2, "s2", "the session's lease lapsed"));
    }

    @Test
    void linesOfAnotherFormArePassedOver() {
        assertThat(Ledger.read("")).isEmpty();
        assertThat(Ledger.read("nonsense\n1 2\n\n99999999999999999 1 s what\n5 1 s what\nx 1 s what"))
                .containsExactly(new Attempt(Instant.ofEpochMilli(5), 1, "s", "what"));
    }

    @Test
    void anErrorBecomesOneLine() {
        assertThat(Ledger.line(" a\r\nb\nc ")).isEqualTo("a  b c");
    }

    @Test
    void aLongErrorIsCut() {
        assertThat(Ledger.line("x".repeat(1_000))).hasSize(1_000);
        assertThat(Ledger.line("x".repeat(1_001))).hasSize(1_000).endsWith("x…");
    }
}
