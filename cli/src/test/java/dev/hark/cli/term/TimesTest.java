package dev.hark.cli.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimesTest {

    @ParameterizedTest
    @CsvSource({
        "500ms,PT0.5S",
        "10s,PT10S",
        "5m,PT5M",
        "2h,PT2H",
        "1d,PT24H",
        "0s,PT0S",
        "PT1H30M,PT1H30M",
        "PT0.5S,PT0.5S"
    })
    void readsDurations(String written, Duration meant) {
        assertThat(Times.duration(written)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5x",
                "s",
                "-5s",
                "1.5s",
                "5 s",
                "5S",
                "PT",
                "-PT5S",
                "999999999999999999d",
                "5s5s",
                "٣s"
            })
    void refusesWhatIsNoDurationAndNamesIt(String written) {
        assertThatThrownBy(() -> Times.duration(written))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + written + "'")
                .hasMessageContaining("500ms");
    }

    @ParameterizedTest
    @CsvSource({"2030-01-31T09:00:00Z,2030-01-31T09:00:00Z", "2030-01-31T09:00+08:00,2030-01-31T01:00:00Z"})
    void readsTimes(String written, Instant meant) {
        assertThat(Times.instant(written)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2030-01-31", "2030-01-31T09:00:00", "2030-02-30T09:00:00Z", "1900000000"})
    void refusesTimesThatAreNotTheSameEverywhere(String written) {
        assertThatThrownBy(() -> Times.instant(written))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + written + "'")
                .hasMessageContaining("+08:00");
    }

    @ParameterizedTest
    @CsvSource({"PT0.25S,250ms", "PT59S,59s", "PT5M,5m", "PT3H,3h", "PT72H,3d"})
    void showsDurationsAsAPersonWould(Duration duration, String shown) {
        assertThat(Times.show(duration)).isEqualTo(shown);
    }

    @Test
    void showsWhatItReads() {
        assertThat(Times.duration(Times.show(Duration.ofMinutes(7)))).isEqualTo(Duration.ofMinutes(7));
    }
}
