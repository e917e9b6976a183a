package dev.hark.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    @Test
    void ourOwnExamplesAreNoSecrets() {
        for (String example : List.of("redis://user:password@host:6379", "redis://[user:password@]host")) {
            assertThat(Secrets.mask("write " + example)).isEqualTo("write " + example);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cannot reach redis://u:geheim@h:1/2 now,cannot reach redis://***@h:1/2 now",
        "'rediss://:geheim@h, again','rediss://***@h, again'",
        "'redis://u:ge@heim/x@h',redis://***@h",
        "redis://localhost:6379,redis://localhost:6379",
        "redis://[user:password@]host,redis://[user:password@]host",
        "mail to a@b,mail to a@b"
    })
    void masksUrlsInText(String text, String shown) {
        assertThat(Secrets.mask(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://u:geheim@h",
                "redis://u:ge heim@h",
                "u:geheim@h",
                "redis//u:geheim@h",
                "redis://u:geheim#@x@h",
                "redis://u:geheim\n@h"
            })
    void masksWhatWasMeantToBeAUrl(String url) {
        assertThat(Secrets.maskUrl(url)).doesNotContain("heim").endsWith("***@h");
    }

    @Test
    void keepsWhatHoldsNoPassword() {
        assertThat(Secrets.maskUrl("http://h:1/x")).isEqualTo("http://h:1/x");
    }
}
