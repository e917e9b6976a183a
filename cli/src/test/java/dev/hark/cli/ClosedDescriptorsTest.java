package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that was started without stdin, stdout or stderr, whose numbers the JVM's own files take. */
class ClosedDescriptorsTest extends CliTest {

    @BeforeAll
    static void needProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")));
    }

    private record Ended(int code, String out, String err) {}

    private static Ended run(String redirections, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" " + redirections, "sh"));
        command.addAll(Jvm.command(List.of(), args));
        try (Jvm jvm = Jvm.run(server, Path.of("/dev/null"), command)) {
            return new Ended(jvm.await(), jvm.out(), jvm.err());
        }
    }

    @ParameterizedTest
    @CsvSource({"--lines", "-"})
    void noFileOfTheJvmIsPublishedForStdin(String option) throws Exception {
        Ended ended = run("<&-", "publish", "mail", option);

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("stdin is closed");
        assertThat(ended.out()).isEmpty();
        assertThat(server.cli().run("queues", "--json").out()).isEqualTo("[]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {">&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-", "<&- >/dev/null"})
    void whatNobodyWouldSeeIsNotDone(String redirections) throws Exception {
        server.publish("mail", "kept");

        assertThat(run(redirections, "publish", "mail", "more").code()).isEqualTo(2);
        assertThat(run(redirections, "listen", "mail", "--drain").code()).isEqualTo(2);
        Ended queues = run(redirections, "queues");
        assertThat(queues.code()).isEqualTo(2);
        if (!redirections.contains("2>")) {
            assertThat(queues.err()).contains("closed", "nothing was done");
        }

        assertThat(server.figure("mail", "published")).isEqualTo(1);
        assertThat(server.figure("mail", "waiting")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", "2>&-", "<&- 2>&-", ">>/dev/stdout", "</dev/null"})
    void whatIsNotNeededMayBeMissing(String redirections) throws Exception {
        Ended published = run(redirections, "publish", "mail", "one");
        assertThat(published.code()).isZero();
        assertThat(published.out()).isNotBlank();

        Ended heard = run(redirections, "listen", "mail", "--drain");

        assertThat(heard.code()).isZero();
        assertThat(heard.out()).isEqualTo("one\n");
        assertThat(run(redirections, "queues").out()).contains("mail");
    }

    @ParameterizedTest
    @ValueSource(strings = {">/dev/null", ">/dev/null 2>&-"})
    void whatIsSentToNowhereIsDone(String redirections) throws Exception {
        assertThat(run(redirections, "publish", "mail", "one").code()).isZero();
        assertThat(run(redirections, "listen", "mail", "--drain").code()).isZero();

        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }
}
