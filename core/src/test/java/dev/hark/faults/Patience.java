package dev.hark.faults;

import static org.awaitility.Awaitility.await;

import dev.hark.admin.QueueInfo;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.core.ConditionFactory;

/** How long tests with several processes wait on a busy machine. */
final class Patience {

    private Patience() {}

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    static void assertConserved(QueueInfo info) {
        Assertions.assertThat(info.missing()).as("missing of %s", info).isZero();
    }
}
