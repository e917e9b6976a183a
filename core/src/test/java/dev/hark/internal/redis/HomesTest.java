package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.internal.engine.Address;
import org.junit.jupiter.api.Test;

class HomesTest {

    private final Homes homes = new Homes();

    @Test
    void aSessionIsAtHomeOnTheRunOnWhichItWasOpened() {
        homes.opened("me", Address.of("mail"), "a");

        assertThat(homes.elsewhere("me", Address.of("mail"), "a")).isFalse();
        assertThat(homes.elsewhere("me", Address.of("mail"), ""))
                .as("nobody knows")
                .isFalse();
        assertThat(homes.elsewhere("me", Address.of("mail"), "b")).isTrue();
    }

    /** What was lost with the failover stays lost when the first server is back. */
    @Test
    void whoHasBeenElsewhereIsAtHomeNowhere() {
        homes.opened("me", Address.of("mail"), "a");
        homes.elsewhere("me", Address.of("mail"), "b");

        assertThat(homes.elsewhere("me", Address.of("mail"), "a")).isTrue();
    }
}
