package dev.hark.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishCommandTest extends CliTest {

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
                "--allow-eviction --delay=5s",
                "--type=x",
                "--header=a=b",
                "--delay=1d --json",
                "--redis=redis://127.0.0.1:1",
                "-h",
                "--help",
                "-V",
                "-hV"
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
                List.of("publish", "--header=k=v", "mail"),
                List.of("publish", "mail", "--header=k=v", "--lines"),
                List.of("publish", "mail", "--header=k=v", "on the command line"),
                List.of("publish", "--", "mail", "-h"),
                List.of("publish", "--", "mail", "--type=t"),
                List.of("publish", "mail", "--delay", "1ms"),
                List.of("publish", "mail", "--type", "t", "--json"),
                List.of("publish", "mail", "--lines"),
                List.of("publish", "mail", "--json", "--lines"),
                List.of("publish", "--lines", "mail", "--json"))) {
            Cli.Result result = server.cli().in("on stdin").run(words.toArray(new String[0]));
            assertThat(result.code()).as("%s: %s", words, result.err()).isZero();
        }

        assertThat(listen("mail")).hasSize(16).contains("--json", "on stdin", "-h", "--type=t");
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
}
