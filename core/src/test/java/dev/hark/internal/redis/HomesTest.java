package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HomesTest {

    private final Homes homes = new Homes();

    @Test
    void aSessionIsAtHomeOnTheRunOnWhichItWasOpened() {
        homes.opened("me", "mail", "a");

        assertThat(homes.elsewhere("me", "mail", "a")).isFalse();
        assertThat(homes.elsewhere("me", "mail", "")).as("nobody knows").isFalse();
        assertThat(homes.elsewhere("me", "mail", "b")).isTrue();
    }

    /** What was lost with the failover stays lost when the first server is back. */
    @Test
    void whoHasBeenElsewhereIsAtHomeNowhere() {
        homes.opened("me", "mail", "a");
        homes.elsewhere("me", "mail", "b");

        assertThat(homes.elsewhere("me", "mail", "a")).isTrue();
    }
}
