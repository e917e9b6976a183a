package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A lease of 9 ns, so that a heartbeat is due every 3 and late after 6. */
class CadenceTest {

    private final Cadence cadence = new Cadence(Duration.ofNanos(9));

    @Test
    void nobodyIsJudgedBeforeAWholeLeaseOfHeartbeats() {
        assertThat(cadence.steady(100)).isFalse();
        for (long at = 100; at < 109; at += 3) {
            cadence.answered(at, at);
            assertThat(cadence.steady(at)).isFalse();
        }
        cadence.answered(109, 109);
        assertThat(cadence.steady(109)).isTrue();
    }

    @Test
    void aLateHeartbeatBeginsAnew() {
        for (long at = 100; at <= 112; at += 3) {
            cadence.answered(at, at);
        }
        cadence.answered(119, 119);
        assertThat(cadence.steady(119)).isFalse();
    }

    @Test
    void anAnswerThatCameLateBeginsAnewAtOnce() {
        for (long at = 100; at <= 112; at += 3) {
            cadence.answered(at, at);
        }
        cadence.answered(115, 119);
        assertThat(cadence.steady(119)).isFalse();
    }
}
