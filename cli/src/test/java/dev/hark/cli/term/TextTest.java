package dev.hark.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @ParameterizedTest
    @CsvSource({
        "plain,plain",
        "世界 ü 😀,世界 ü 😀",
        "'a\u001b[2Jb','a\\u001b[2Jb'",
        "'a\u009b2Jb','a\\u009b2Jb'",
        "'a\u0007b','a\\u0007b'",
        "'a\u007fb','a\\u007fb'",
        "'a\u202eb','a\\u202eb'",
        "'a\u2028b','a\\u2028b'",
        "'a\udb40\udc01b','a\\udb40\\udc01b'",
        "'a\nb\r\tc','a\\nb\\r\\tc'"
    })
    void escapesWhatWouldActOnATerminal(String text, String shown) {
        assertThat(Text.escape(text)).isEqualTo(shown);
    }

    @Test
    void putsSeveralLinesOnOne() {
        assertThat(Text.oneLine("  one\n  two\r\n\nthree\n")).isEqualTo("one two three");
    }

    @Test
    void showsBytesThatAreNoTextByTheirNumber() {
        assertThat(Text.show(new byte[] {(byte) 0xff, 0, 1})).isEqualTo("(3 bytes, not UTF-8)");
        assertThat(Text.show("a\u001bb".getBytes(StandardCharsets.UTF_8))).isEqualTo("a\\u001bb");
    }

    @Test
    void decodesStrictly() {
        assertThat(Text.decode("世界".getBytes(StandardCharsets.UTF_8))).contains("世界");
        assertThat(Text.decode(new byte[] {'a', (byte) 0xc3})).isEmpty();
        assertThat(Text.decode(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}))
                .isEmpty();
    }

    @Test
    void countsColumns() {
        assertThat(Text.width("abc")).isEqualTo(3);
        assertThat(Text.width("世界")).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"abcdef,6,abcdef", "abcdef,5,abcd…", "世界世界,5,世界…", "世界世界,6,世界…"})
    void shortensToColumns(String text, int columns, String shown) {
        assertThat(Text.shorten(text, columns)).isEqualTo(shown);
        assertThat(Text.width(shown)).isLessThanOrEqualTo(columns);
    }
}
