package dev.hark.internal.engine.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a message beside its body. */
class MetaTest {

    @Test
    void nothingSaidIsNothingWritten() {
        assertThat(Meta.NONE.write()).isEmpty();
        assertThat(Meta.read("")).isEqualTo(Meta.NONE);
    }

    @Test
    void whatIsWrittenCanBeRead() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("z", "");
        headers.put("a \"quoted\"", "ü\n\u0000");
        Meta meta = new Meta("type", "key", headers);

        Meta read = Meta.read(meta.write());

        assertThat(read).isEqualTo(meta);
        assertThat(List.copyOf(read.headers().keySet())).containsExactly("z", "a \"quoted\"");
    }

    @Test
    void theFormIsThatOfTheProtocol() {
        assertThat(new Meta("t", "k", Map.of("a", "b")).write())
                .isEqualTo("{\"type\":\"t\",\"key\":\"k\",\"headers\":{\"a\":\"b\"}}");
        assertThat(new Meta(null, "k", Map.of()).write()).isEqualTo("{\"key\":\"k\"}");
    }

    @Test
    void unknownFieldsAreLeftToNewerVersions() {
        assertThat(Meta.read("{\"type\":\"t\",\"colour\":[1]}")).isEqualTo(new Meta("t", null, Map.of()));
        assertThat(Meta.read("{\"type\":null,\"headers\":{\"n\":1}}"))
                .isEqualTo(new Meta(null, null, Map.of("n", "1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{broken", "}", "nonsense"})
    void whatIsNoJsonIsRefusedWithItsText(String text) {
        assertThatThrownBy(() -> Meta.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void headersThatWereReadCannotBeChanged() {
        Map<String, String> headers = Meta.read("{\"headers\":{\"a\":\"b\"}}").headers();

        assertThatThrownBy(() -> headers.put("c", "d")).isInstanceOf(UnsupportedOperationException.class);
    }
}
