package dev.hark.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.hark.Durability;
import dev.hark.Receipt;
import dev.hark.cli.term.Notes;
import dev.hark.cli.term.OutputException;
import dev.hark.error.BodyTooLargeException;
import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.InvalidInputException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.NotDurableException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.QueueFullException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.error.WrongTypeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureReportTest {

    private static final List<Arguments> TABLE = List.of(
            arguments(new InvalidInputException("m"), 2),
            arguments(new UnavailableException("m"), 2),
            arguments(new UnsafeServerException("m"), 2),
            arguments(new BodyTooLargeException("m"), 1),
            arguments(new WrongTypeException("m"), 1),
            arguments(new NewerLayoutException("m"), 1),
            arguments(new NotPublishedException("m"), 1),
            arguments(new QueueFullException("m"), 1),
            arguments(new PublishUnknownException("m"), 1),
            arguments(new NotDurableException("m", new Receipt("1-0", "q", Durability.MEMORY), null), 1),
            arguments(new ClosedException("m"), 1));

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private boolean verbose;
    private final Notes notes = new Notes(new PrintStream(err, true, StandardCharsets.UTF_8), () -> verbose);

    static Stream<Arguments> table() {
        return TABLE.stream();
    }

    @ParameterizedTest
    @MethodSource("table")
    void eachFailureOfHarkHasItsExitCodeAndOneLine(HarkException failure, int code) {
        assertThat(FailureReport.report(failure, notes)).isEqualTo(code);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("hark: m" + System.lineSeparator());
    }

    @Test
    void theTableHoldsAllFailuresOfHark() {
        assertThat(TABLE).hasSize(HarkException.class.getPermittedSubclasses().length);
    }

    @Test
    void aClosedPipeIsNoFailureAFullDiskIs() {
        assertThat(FailureReport.report(new OutputException(new IOException("Broken pipe")), notes))
                .isZero();
        assertThat(err.size()).isZero();

        assertThat(FailureReport.report(new OutputException(new IOException("No space left on device")), notes))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("No space left on device");
    }

    @Test
    void anUnexpectedFailureIsOneLineToo() {
        assertThat(FailureReport.report(new IllegalStateException("a\nb\u001b[2J"), notes))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("IllegalStateException: a b\\u001b[2J")
                .contains("--verbose");
    }

    @Test
    void aStackTraceHasNoLineLikeOursAndNothingThatPlaysWithTheTerminal() {
        verbose = true;

        FailureReport.report(new UnavailableException("x\nhark: all is well\u001b[2J"), notes);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("\n  hark: all is well\\u001b[2J")
                .doesNotContain("\nhark: all", "\u001b");
    }

    @Test
    void aStackTraceShowsWithVerboseAloneAndHidesPasswords() {
        verbose = true;

        FailureReport.report(new UnavailableException("no redis://u:geheim@h"), notes);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("\tat dev.hark.cli.connect.FailureReportTest")
                .contains("redis://***@h")
                .doesNotContain("geheim");
    }
}
