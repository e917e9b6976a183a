package dev.hark.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.cli.process.CommandFailure;
import org.junit.jupiter.api.Test;

/** Arguments are what was given, whatever the JVM has made of them; or they are refused. */
class ArgumentsTest {

    private static String[] args(String... decoded) {
        return decoded;
    }

    private static byte[] latin(String words) {
        return ("java\0-jar\0hark.jar\0" + words).getBytes(ISO_8859_1); // each character is a byte
    }

    @Test
    void whatTheLocaleDidNotKnowIsReadFromTheBytes() {
        byte[] given = "java\0Main\0publish\0mail\0世\0".getBytes(UTF_8);

        assertThat(Arguments.read(args("publish", "mail", "\uFFFD\uFFFD\uFFFD"), given))
                .containsExactly("publish", "mail", "世");
    }

    @Test
    void aReplacementCharacterThatWasGivenStays() {
        byte[] given = "java\0Main\0publish\0mail\0\uFFFD\0\0".getBytes(UTF_8);

        assertThat(Arguments.read(args("publish", "mail", "\uFFFD", ""), given))
                .containsExactly("publish", "mail", "\uFFFD", "");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertThatThrownBy(
                        () -> Arguments.read(args("publish", "mail", "a\uFFFDb"), latin("publish\0mail\0a\u00ffb\0")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("argument 3")
                .hasMessageContaining("stdin");
    }

    @Test
    void whatAnotherCharsetKnowsIsText() {
        assertThat(Arguments.read(args("publish", "mail", "ä"), latin("publish\0mail\0\u00e4\0")))
                .containsExactly("publish", "mail", "ä");
    }

    @Test
    void whereNobodyTellsTheBytesWhatStandsForOthersIsRefused() {
        assertThat(Arguments.read(args("publish", "mail", "世 \uD83D\uDE00"), null))
                .containsExactly("publish", "mail", "世 \uD83D\uDE00");
        assertThatThrownBy(() -> Arguments.read(args("mail", "\uFFFD"), null)).isInstanceOf(CommandFailure.class);
        assertThatThrownBy(() -> Arguments.read(args("mail", "\uD800"), null)).isInstanceOf(CommandFailure.class);
    }
}
