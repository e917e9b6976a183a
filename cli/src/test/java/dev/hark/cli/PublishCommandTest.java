package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishCommandTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void flush() {
        server.redis().call("FLUSHALL");
    }

    @Test
    void theBodyIsTheArgumentAndTheIdIsPrinted() {
        Cli.Result result = server.cli().run("publish", "mail", "世界 @x");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.lines()).singleElement().asString().isNotBlank();
        assertThat(listen("mail")).containsExactly("世界 @x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--json",
                "--strict",
                "--verbose",
                "--channel",
                "--json --type t",
                "--json --verbose",
                "--allow-eviction --delay=5s"
            })
    void anOptionInThePlaceOfTheBodyIsAnError(String options) {
        List<String> words = new ArrayList<>(List.of("publish", "mail"));
        words.addAll(List.of(options.split(" ")));

        Cli.Result result = server.cli().in("what happens to be on stdin").run(words.toArray(new String[0]));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("where the body would be", "hark publish QUEUE -- -x");
        assertThat(server.cli().run("queues", "--json").out()).isEqualTo("[]\n");
    }

    @Test
    void anOptionThatThereIsNotMayBeABodyToo() {
        Cli.Result result = server.cli().run("publish", "mail", "--hello");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--hello", "before a body that begins with - goes --");
    }

    @Test
    void bodiesThatLookLikeOptionsAndBodiesOnStdinBesideOptionsArePublished() {
        for (List<String> words : List.of(
                List.of("publish", "mail", "--", "--json"),
                List.of("publish", "mail", "--type", "t", "--", "-"),
                List.of("publish", "mail", "-", "--json"),
                List.of("publish", "--json", "mail"),
                List.of("publish", "mail"),
                List.of("publish", "mail", "--header", "k=v"),
                List.of("publish", "mail", "--header=k=v"),
                List.of("publish", "mail", "--delay", "1ms"),
                List.of("publish", "mail", "--type=t", "--json"),
                List.of("publish", "mail", "--lines"),
                List.of("publish", "mail", "--json", "--lines"),
                List.of("publish", "--lines", "mail", "--json"))) {
            Cli.Result result = server.cli().in("on stdin").run(words.toArray(new String[0]));
            assertThat(result.code()).as("%s: %s", words, result.err()).isZero();
        }

        assertThat(listen("mail")).hasSize(12).contains("--json", "on stdin");
    }

    @Test
    void aReceiptIsJson() {
        Cli.Result result = server.cli().run("--json", "publish", "mail", "hi");

        assertThat(result.out()).matches("\\{\"id\":\"[^\"]+\",\"queue\":\"mail\",\"durability\":\"memory\"}\n");
    }

    @Test
    void whatWasNotReachedIsSaidAndStrictFailsWithTheIdPrinted() {
        Cli.Result lenient = server.cli().run("--json", "publish", "mail", "hi", "--durability", "fsynced");
        assertThat(lenient.code()).isZero();
        assertThat(field(lenient.out(), "durability")).isEqualTo("memory");

        Cli.Result strict = server.cli().run("--json", "publish", "mail", "hi", "--durability", "fsynced", "--strict");

        assertThat(strict.code()).isEqualTo(1);
        assertThat(field(strict.out(), "durability")).isEqualTo("memory");
        assertThat(strict.err())
                .contains("queue mail: message " + field(strict.out(), "id") + " is in Redis", "wanted fsynced");
        assertThat(listen("mail")).hasSize(2);
    }

    @Test
    void aLineThatIsNotSafeEnoughEndsTheStreamAndIsCountedAsAccepted() {
        Cli.Result result =
                server.cli().in("one\n").run("publish", "mail", "--lines", "--durability", "fsynced", "--strict");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines()).hasSize(1);
        assertThat(result.err()).contains("line 1 was accepted, but: queue mail", "of 1 lines read, 1 were accepted");
    }

    @Test
    void theBodyIsAllOfStdinWithoutAnArgumentOrWithADash() {
        assertThat(server.cli().in("one\ntwo\n").run("publish", "mail").code()).isZero();
        assertThat(server.cli().in("three").run("publish", "mail", "-").code()).isZero();
        assertThat(server.cli().in("not this").run("publish", "mail", "four").code())
                .isZero();

        assertThat(listen("mail")).containsExactly("one", "two", "", "three", "four");
    }

    @Test
    void bytesArriveAsTheyAre() {
        byte[] bytes = {0, (byte) 0xff, '\n', (byte) 0xc3, 13};

        server.cli().in(bytes).run("publish", "mail");

        assertThat(server.cli().start("listen", "mail", "--drain").await().code())
                .isZero();
        server.cli().in(bytes).run("publish", "mail");
        Cli.Running listening = server.cli().start("listen", "mail", "--drain");
        listening.await();
        assertThat(listening.outBytes()).isEqualTo(new byte[] {0, (byte) 0xff, '\n', (byte) 0xc3, 13, '\n'});
    }

    @Test
    void anEmptyBodyIsAMessage() {
        server.cli().run("publish", "mail", "");

        assertThat(listen("mail")).containsExactly("");
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
    void typeAndHeadersTravelAlong() {
        server.cli().run("publish", "mail", "b", "--type", "letter", "--header", "a=1", "--header", "b=x=y");

        assertThat(server.cli().run("listen", "mail", "--drain", "--json").out())
                .contains("\"type\":\"letter\"", "\"headers\":{\"a\":\"1\",\"b\":\"x=y\"}");
    }

    @Test
    void aDelayedMessageIsDueLater() {
        server.cli().run("publish", "mail", "b", "--delay", "1h");
        server.cli().run("publish", "mail", "b", "--at", "2060-01-01T00:00:00+08:00");
        server.cli().run("publish", "mail", "b", "--at", "2001-01-01T00:00:00Z");

        assertThat(server.figure("mail", "later")).isEqualTo(2);
        assertThat(server.figure("mail", "waiting")).isEqualTo(1);
    }

    @Test
    void aBodyOverTheLimitIsRefusedAndNothingIsWritten() {
        Cli.Result argument = server.cli().run("publish", "mail", "123456", "--max-body", "5");
        Cli.Result stdin = server.cli().in(new byte[(1 << 20) + 1]).run("publish", "mail");

        for (Cli.Result result : List.of(argument, stdin)) {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines()).singleElement().asString().contains("--max-body");
        }
        assertThat(server.redis().number("DBSIZE")).isZero();
    }

    @Test
    void aLargerLimitCanBeGiven() {
        assertThat(server.cli()
                        .in(new byte[(1 << 20) + 1])
                        .run("publish", "mail", "--max-body", "2000000")
                        .code())
                .isZero();
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
        Cli.Result result = server.cli().out(closedPipe()).in("one\ntwo\nthree").run("publish", "mail", "--lines");

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

    static OutputStream closedPipe() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }

    private static List<String> listen(String queue) {
        Cli.Result result = server.cli().run("listen", queue, "--drain");
        assertThat(result.code()).isZero();
        return result.lines();
    }

    private static String field(String json, String name) {
        return json.strip().replaceFirst(".*\"" + name + "\":\"([^\"]*)\".*", "$1");
    }
}
