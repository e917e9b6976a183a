package dev.hark.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Input that streams into a queue. */
class PublishLinesTest extends CliTest {

    @Test
    void aLineThatIsNotSafeEnoughEndsTheStreamAndIsCountedAsAccepted() {
        Cli.Result result =
                server.cli().in("one\n").run("publish", "mail", "--lines", "--durability", "fsynced", "--strict");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines()).hasSize(1);
        assertThat(result.err()).contains("line 1 was accepted, but: queue mail", "of 1 lines read, 1 were accepted");
    }

    @Test
    void eachLineIsAMessageAndIdsComeInTheirOrder() {
        String lines = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining("\n"));

        Cli.Result result = server.cli().in(lines).run("publish", "numbers", "--lines", "--json");

        assertThat(result.code()).isZero();
        assertThat(result.lines()).hasSize(20_000);
        List<String> ids =
                result.lines().stream().map(line -> field(line, "id")).toList();
        assertThat(ids).doesNotHaveDuplicates();
        Cli.Result listened = server.cli().run("listen", "numbers", "--drain", "--json");
        assertThat(listened.lines().stream().sorted().map(line -> field(line, "id") + " " + field(line, "body")))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20_000)
                        .mapToObj(i -> ids.get(i) + " " + i)
                        .toList());
    }

    @Test
    void idsShowWhileMoreInputIsAwaited() throws IOException {
        PipedOutputStream typing = new PipedOutputStream();
        try (Cli.Running publishing =
                server.cli().in(new PipedInputStream(typing)).start("publish", "mail", "--lines")) {
            typing.write("one\n".getBytes(StandardCharsets.UTF_8));
            typing.flush();
            publishing.awaitOut("\n");
            assertThat(publishing.ended()).isFalse();

            typing.write("two".getBytes(StandardCharsets.UTF_8));
            typing.close();

            assertThat(publishing.await().lines()).hasSize(2);
        }
    }

    @Test
    void inputIsReadNoFasterThanRedisTakesIt() {
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                Arrays.fill(bytes, offset, offset + length, (byte) '\n');
                read.addAndGet(length);
                return length;
            }
        };
        try (TestServer own = TestServer.start()) {
            Cli.Running publishing = own.cli().in(endless).start("publish", "mail", "--lines");
            publishing.awaitOut("\n");
            own.server().pause();
            await().during(Duration.ofMillis(500)).until(() -> isStill(read));
            long atRest = read.get();
            long answered = publishing.out().lines().count();

            assertThat(atRest - answered).isLessThan(500_000);
        }
    }

    private long seen;

    /** Whether nothing was read since the last call. */
    private boolean isStill(AtomicLong read) {
        long before = seen;
        seen = read.get();
        return before == seen;
    }

    @Test
    void aLineThatIsTooLargeEndsTheStreamAndSaysWhatWasAccepted() {
        Cli.Result result =
                server.cli().in("one\ntwo\nthree-is-long\nfour\n").run("publish", "mail", "--lines", "--max-body", "5");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines()).hasSize(2);
        assertThat(result.err().lines()).singleElement().asString().contains("line 3", "5 bytes", "2 were accepted");
        assertThat(listen("mail")).containsExactly("one", "two");
    }

    @Test
    void inputThatFailsEndsTheStreamAndSaysWhatWasAccepted() {
        Cli.Result result = server.cli()
                .in(new SequenceInputStream(
                        new ByteArrayInputStream("one\ntwo\nthr".getBytes(StandardCharsets.UTF_8)),
                        failing("disk on fire")))
                .run("publish", "mail", "--lines");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("line 3", "disk on fire", "2 were accepted");
    }

    @Test
    void aClosedStdoutDoesNotStopThePublishing() {
        Cli.Result result =
                server.cli().out(Cli.closedPipe()).in("one\ntwo\nthree").run("publish", "mail", "--lines");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(listen("mail")).containsExactly("one", "two", "three");
    }

    private static InputStream failing(String message) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException(message);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
