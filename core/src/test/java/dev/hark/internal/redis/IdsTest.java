package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code publish.lua} answers. */
class IdsTest {

    @Test
    void aRangeIsConsecutive() {
        assertThat(Ids.read("r 1700000000000-0 3"))
                .containsExactly("1700000000000-0", "1700000000000-1", "1700000000000-2");
        assertThat(Ids.read("r 5-7 1")).containsExactly("5-7");
    }

    @Test
    void aRangeMayBeHigh() {
        assertThat(Ids.read("r 18446744073709551615-18446744073709551613 3"))
                .containsExactly(
                        "18446744073709551615-18446744073709551613",
                        "18446744073709551615-18446744073709551614",
                        "18446744073709551615-18446744073709551615");
    }

    @Test
    void aListIsAsItStands() {
        assertThat(Ids.read("l 5-1 5-d000000000001")).containsExactly("5-1", "5-d000000000001");
    }
}
