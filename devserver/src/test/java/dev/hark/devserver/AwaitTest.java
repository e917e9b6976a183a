package dev.hark.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AwaitTest {

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void saysWhatItWaitedForAndWhatTheServersWrote() {
        DevServerException refused = new DevServerException("refused");
        try (DevServer redis = DevServer.start(ServerOptions.defaults().binary(Binary.bundled()))) {
            assertThatThrownBy(() -> Await.until(Duration.ZERO, "a miracle", List.of(redis), () -> {
                        throw refused;
                    }))
                    .isInstanceOf(DevServerException.class)
                    .hasMessageContaining("in vain for a miracle")
                    .hasMessageContaining("on 127.0.0.1:" + redis.port())
                    .hasMessageContaining("Ready to accept connections")
                    .hasCause(refused);
        }
    }

    @Test
    void asksUntilItHolds() {
        Iterator<Boolean> answers = List.of(false, false, true).iterator();

        Await.until("the third time", List.of(), answers::next);

        assertThat(answers).isExhausted();
    }

    @Test
    void endsWhenInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Await.until("nothing", List.of(), () -> false))
                .isInstanceOf(DevServerException.class)
                .hasMessageContaining("Interrupted while waiting for nothing");
    }
}
