package dev.hark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.admin.QueueInfo;
import dev.hark.testing.Child;
import dev.hark.testing.LargeBodies;
import dev.hark.testing.Server;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Bodies of 1 MiB go through a process whose heap has 256 MiB: {@code -Dhark.large=10000} for as many as 10 GiB, else
 * twice its heap.
 */
class LargeBodiesTest {

    private static final int COUNT = Integer.getInteger("hark.large", 512);

    @RegisterExtension
    static final Server redis = new Server();

    @Test
    void moreThanFitsIntoTheHeapPassesThrough() {
        try (Child process = Child.start(LargeBodies.class, redis.url(), String.valueOf(COUNT));
                Hark hark = Hark.connect(redis.url())) {
            Patience.patiently()
                    .atMost(Duration.ofSeconds(60 + COUNT / 10))
                    .until(() -> !process.lines("handled").isEmpty());

            assertThat(process.awaitExit()).isZero();
            QueueInfo info = hark.inspector().queue("large").info();
            assertThat(info.done()).isEqualTo(COUNT);
            assertThat(info.waiting() + info.active() + info.later()).isZero();
            Patience.assertConserved(info);
        }
    }
}
