package dev.hark.cli.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.Gate;
import dev.hark.cli.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class ListenCommandTest extends CliTest {

    @Test
    void printsEachBodyOnALineAndSettlesIt() {
        try (Cli.Running listening =
                server.cli().start("listen", "mail", "reports").awaitErr("listening on mail, reports")) {
            server.publish("mail", "one", "世界");
            listening.awaitOut("one\n世界\n");
            server.publish("reports", "two");
            listening.awaitOut("two\n");

            await().until(() -> server.figure("mail", "done") == 2 && server.figure("reports", "done") == 1);
            assertThat(listening.stop().code()).isZero();
        }
    }

    @Test
    void aTerminalIsShownBodiesAndDoesNotObeyThem() {
        byte[] hostile = "red\u001b[31m\u009b2J\u202e\rover\tthere".getBytes(StandardCharsets.UTF_8);
        server.cli().in(hostile).run("publish", "mail");
        server.cli().in(new byte[] {(byte) 0x9b, '2', 'J'}).run("publish", "mail");

        assertThat(server.cli().shownIn(80).run("listen", "mail", "--drain").lines())
                .containsExactly("red\\u001b[31m\\u009b2J\\u202e\\rover\\tthere", "(3 bytes, not UTF-8)");
    }

    @Test
    void whatIsNoTerminalGetsTheBytesAsTheyAre() {
        byte[] bytes = {(byte) 0x9b, 0x1b, '[', '2', 'J', '\t', 0};
        server.cli().in(bytes).run("publish", "mail");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        server.cli().out(out).run("listen", "mail", "--drain");

        assertThat(out.toByteArray()).startsWith(bytes).hasSize(bytes.length + 1);
    }

    @Test
    void jsonHoldsNothingThatATerminalObeysAndMeansTheSame() {
        String hostile = "\u009b2J\u202e\u007f\udb40\udc01é😀";
        server.cli().in(hostile).run("publish", "mail");

        String json = server.cli().run("listen", "mail", "--drain", "--json").out();

        assertThat(json).doesNotContain("\u009b", "\u202e", "\u007f", "\udb40").contains("é😀");
        assertThat(texts(json)).contains(hostile);
    }

    private static List<String> texts(String json) {
        List<String> texts = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(parser.getString());
                }
            }
        }
        return texts;
    }

    @Test
    void printsInTheOrderOfPublishing() {
        server.publish("mail", "1", "2", "3", "4", "5", "6", "7", "8", "9");

        assertThat(server.cli().run("listen", "mail", "--drain").lines())
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void printsMessagesAsJson() {
        String id = server.cli()
                .run("publish", "mail", "say \"hi\"\n\u001b", "--type", "t", "--header", "k=v")
                .lines()
                .getFirst();

        assertThat(server.cli().run("listen", "mail", "--drain", "--json").out())
                .isEqualTo("{\"id\":\"" + id + "\",\"queue\":\"mail\",\"type\":\"t\",\"attempt\":1,"
                        + "\"headers\":{\"k\":\"v\"},\"body\":\"say \\\"hi\\\"\\n\\u001B\"}\n");
    }

    @Test
    void printsWhatIsNoTextAsBase64() {
        server.cli().in(new byte[] {(byte) 0xff, 0}).run("publish", "mail");

        assertThat(server.cli().run("listen", "mail", "--drain", "--json").out())
                .contains("\"type\":null", "\"headers\":{}", "\"bodyBase64\":\"/wA=\"")
                .doesNotContain("\"body\":");
    }

    @Test
    void drainEndsAtOnceWhereThereIsNothing() {
        Cli.Result result = server.cli().run("listen", "nothing", "--drain");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEmpty();
    }

    @Test
    void drainWaitsForWhatIsDueLater() {
        server.cli().run("publish", "mail", "later", "--delay", "700ms");

        assertThat(server.cli().run("listen", "mail", "--drain").out()).isEqualTo("later\n");
    }

    @Test
    void drainWaitsForWhatAnotherListenerHolds() throws IOException {
        server.publish("mail", "one");
        try (Gate gate = new Gate();
                Cli.Running holding = server.cli().start("listen", "mail", "--exec", "cat " + gate.path())) {
            await().until(() -> server.figure("mail", "active") == 1);
            Cli.Running draining =
                    server.cli().start("listen", "mail", "--drain").awaitErr("listening");
            await().during(java.time.Duration.ofMillis(500)).until(() -> !draining.ended());

            gate.open();

            assertThat(draining.await().code()).isZero();
            assertThat(holding.stop().code()).isZero();
        }
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    @Test
    void aClosedPipeGivesTheMessageBackWithNoAttemptBurnt() {
        server.publish("mail", "one");

        Cli.Result result = server.cli().out(Cli.closedPipe()).run("listen", "mail");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEqualTo("hark: listening on mail" + System.lineSeparator());
        assertThat(server.cli().run("listen", "mail", "--drain", "--json").lines())
                .singleElement()
                .asString()
                .contains("\"attempt\":1", "\"body\":\"one\"");
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    @Test
    void aPipeClosedInTheMiddleLosesNothing() {
        server.publish("mail", "1", "2", "3", "4", "5", "6");
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        OutputStream closesAfterThree = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("one write a line, please");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (read.size() >= 6) {
                    throw new IOException("Broken pipe");
                }
                read.write(bytes, offset, length);
            }
        };

        assertThat(server.cli().out(closesAfterThree).run("listen", "mail").code())
                .isZero();

        assertThat(read.toString(StandardCharsets.UTF_8)).isEqualTo("1\n2\n3\n");
        assertThat(server.cli().run("listen", "mail", "--drain").lines()).containsExactlyInAnyOrder("4", "5", "6");
    }

    @Test
    void aFullDiskIsAFailureAndLosesNothing() {
        server.publish("mail", "one");
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        Cli.Result result = server.cli().out(full).run("listen", "mail");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("No space left on device");
        assertThat(server.cli().run("listen", "mail", "--drain").lines()).containsExactly("one");
    }

    @Test
    void aForeignEntryIsAMessageLikeAnyOther() {
        server.redis().call("XADD", "hark:{mail}:ready", "*", "body", "{\"to\":\"a\"}");

        assertThat(server.cli().run("listen", "mail", "--drain").lines()).containsExactly("{\"to\":\"a\"}");
        assertThat(server.figure("mail", "published")).isEqualTo(1);
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    @Test
    void aForeignEntryWithoutABodyIsDeadAndTheListenerGoesOn() {
        server.redis().call("XADD", "hark:{mail}:ready", "*", "text", "no body");
        server.publish("mail", "good");

        Cli.Result result = server.cli().run("listen", "mail", "--drain");

        assertThat(result.code()).isZero();
        assertThat(result.lines()).containsExactly("good");
        assertThat(server.figure("mail", "dead")).isEqualTo(1);
    }

    @Test
    void aNameGivenTwiceIsOneQueue() {
        server.publish("mail", "one");

        assertThat(server.cli().run("listen", "mail", "mail", "--drain").lines())
                .isEqualTo(List.of("one"));
    }

    @Test
    void aConnectionThatIsLostIsRegained() {
        try (TestServer own = TestServer.start();
                Cli.Running listening = own.cli().start("listen", "mail").awaitErr("listening")) {
            own.server().restart();
            listening.awaitErr("connection lost");

            own.publish("mail", "again");

            listening.awaitOut("again\n").awaitErr("connection regained");
            assertThat(listening.stop().code()).isZero();
        }
    }

    @Test
    void aRefusedSettleIsSaidOnOneLine() throws IOException {
        server.publish("mail", "one");
        try (Gate gate = new Gate();
                Cli.Running listening =
                        server.cli().start("listen", "mail", "--lease", "500ms", "--exec", "cat " + gate.path())) {
            await().until(() -> server.figure("mail", "active") == 1);
            handOver("mail");

            gate.open();

            listening.awaitErr("fenced");
            assertThat(listening.err().lines().filter(line -> line.contains("fenced")))
                    .hasSize(1);
        }
    }

    /** What another listener's reaper does: the entry is settled in the name of its holder. */
    private static void handOver(String queue) {
        String key = "hark:{" + queue + "}:ready";
        List<?> pending = server.redis().list("XPENDING", key, "hark", "-", "+", "10");
        for (Object entry : pending) {
            server.redis().call("XACK", key, "hark", (String) ((List<?>) entry).getFirst());
        }
    }
}
