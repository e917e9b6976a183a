package dev.hark.internal.redis.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The names of keys, which the protocol fixes. */
class KeysTest {

    private final Keys keys = new Keys("hark");

    @Test
    void theyAreThoseOfTheProtocol() {
        assertThat(List.of(
                        keys.ready("mail"),
                        keys.later("mail"),
                        keys.held("mail"),
                        keys.dead("mail"),
                        keys.sessions("mail"),
                        keys.settled("mail"),
                        keys.stats("mail"),
                        keys.sender("mail", "7f"),
                        keys.wake("mail"),
                        keys.queues()))
                .containsExactly(
                        "hark:{mail}:ready",
                        "hark:{mail}:later",
                        "hark:{mail}:held",
                        "hark:{mail}:dead",
                        "hark:{mail}:sessions",
                        "hark:{mail}:settled",
                        "hark:{mail}:stats",
                        "hark:{mail}:sender:7f",
                        "hark:{mail}:wake",
                        "hark:queues");
    }

    @Test
    void theQueueCanBeReadFromItsChannel() {
        for (String prefix : List.of("hark", "a.b-c_d")) {
            Keys some = new Keys(prefix);
            assertThat(some.queueOfWake(some.wake("my.queue-1"))).isEqualTo("my.queue-1");
        }
    }
}
