package dev.hark.internal.redis.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.internal.engine.Address;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The names of keys, which the protocol fixes. */
class KeysTest {

    private final Keys keys = new Keys("hark");

    @Test
    void theyAreThoseOfTheProtocol() {
        assertThat(List.of(
                        keys.ready(Address.of("mail")),
                        keys.later(Address.of("mail")),
                        keys.held(Address.of("mail")),
                        keys.dead(Address.of("mail")),
                        keys.sessions(Address.of("mail")),
                        keys.settled(Address.of("mail")),
                        keys.stats(Address.of("mail")),
                        keys.sender(Address.of("mail"), "7f"),
                        keys.wake(Address.of("mail")),
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
    void aPathStandsBeforeTheKind() {
        assertThat(keys.ready(new Address("mail", "mail", "high"))).isEqualTo("hark:{mail}:high:ready");
        assertThat(keys.ready(new Address("mail", "mail#3", ""))).isEqualTo("hark:{mail#3}:ready");
        assertThat(keys.sender(new Address("orders/billing", "orders", "sub:billing"), "7f"))
                .isEqualTo("hark:{orders}:sub:billing:sender:7f");
    }
}
