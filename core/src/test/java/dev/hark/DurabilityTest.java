package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurabilityTest {

    @ParameterizedTest
    @ValueSource(strings = {"memory", "fsynced", "replicated(1)", "replicated(100)"})
    void isReadAsItIsWritten(String text) {
        assertThat(Durability.parse(text)).hasToString(text);
    }

    @Test
    void constantsAreWhatIsRead() {
        assertThat(Durability.parse("memory")).isEqualTo(Durability.MEMORY);
        assertThat(Durability.parse("fsynced")).isEqualTo(Durability.FSYNCED);
        assertThat(Durability.parse("replicated(2)")).isEqualTo(Durability.replicated(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "MEMORY", "replicated", "replicated()", "replicated(-1)", "replicated(1) ", "disk\u0000"})
    void whatIsNoneIsRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Durability.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        "durability '" + text.replace('\0', '?') + "'", "memory, fsynced or replicated(N)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101, 999_999_999})
    void soManyReplicasNobodyHas(int replicas) {
        assertThatThrownBy(() -> Durability.parse("replicated(" + replicas + ")"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("replicated(" + replicas + ")", "between 1 and 100");
    }

    @ParameterizedTest
    @CsvSource({
        "memory, memory, true",
        "memory, fsynced, false",
        "memory, replicated(1), false",
        "fsynced, memory, true",
        "fsynced, fsynced, true",
        "fsynced, replicated(1), false",
        "replicated(2), memory, true",
        "replicated(2), fsynced, false",
        "replicated(2), replicated(1), true",
        "replicated(2), replicated(2), true",
        "replicated(2), replicated(3), false"
    })
    void satisfiesWhatIsNoMore(String reached, String wanted, boolean satisfied) {
        assertThat(Durability.parse(reached).satisfies(Durability.parse(wanted)))
                .isEqualTo(satisfied);
    }
}
