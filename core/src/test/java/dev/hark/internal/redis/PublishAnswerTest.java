package dev.hark.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.internal.engine.PublishStore.Placed;
import org.junit.jupiter.api.Test;

/** What {@code publish.lua} answers. */
class PublishAnswerTest {

    @Test
    void aRangeIsConsecutive() {
        assertThat(PublishAnswer.read("r 1700000000000-0 3"))
                .containsExactly(ready("1700000000000-0"), ready("1700000000000-1"), ready("1700000000000-2"));
        assertThat(PublishAnswer.read("r 5-7 1")).containsExactly(ready("5-7"));
    }

    @Test
    void aRangeMayBeHigh() {
        assertThat(PublishAnswer.read("r 18446744073709551615-18446744073709551613 3"))
                .containsExactly(
                        ready("18446744073709551615-18446744073709551613"),
                        ready("18446744073709551615-18446744073709551614"),
                        ready("18446744073709551615-18446744073709551615"));
    }

    @Test
    void aListSaysOfEachWhereItWent() {
        assertThat(PublishAnswer.read("l 5-1 later:5-d000000000001"))
                .containsExactly(ready("5-1"), new Placed("5-d000000000001", Placed.How.LATER));
    }

    private static Placed ready(String id) {
        return new Placed(id, Placed.How.READY);
    }
}
