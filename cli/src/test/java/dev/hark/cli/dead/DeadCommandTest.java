package dev.hark.cli.dead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.term.Text;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadCommandTest extends CliTest {

    /** Publishes messages and lets all of them die; returns their ids. */
    private static List<String> die(String reason, String... bodies) {
        List<String> ids = server.publish("mail", bodies);
        server.cli()
                .run(
                        "listen",
                        "mail",
                        "--drain",
                        "--concurrency",
                        "1",
                        "--exec",
                        "printf '" + reason + "' >&2; exit 65");
        return ids;
    }

    @Test
    void listsNothingWhereNothingDied() {
        assertThat(server.cli().run("dead", "list", "mail", "--json").out()).isEqualTo("[]\n");
        assertThat(server.cli().run("dead", "list", "mail").err()).contains("mail has no dead letters");
    }

    @Test
    void listsAsOneArray() {
        List<String> ids = die("boom", "one", "two");

        Cli.Result result = server.cli().run("--json", "dead", "list", "mail");

        assertThat(result.lines())
                .singleElement()
                .asString()
                .matches(
                        "\\[\\{\"id\":\"" + ids.get(0)
                                + "\",\"queue\":\"mail\",\"type\":null,\"attempts\":1,\"publishedAt\":\"[^\"]+Z\",\"diedAt\":\"[^\"]+Z\","
                                + "\"reason\":\"exit 65: boom\",\"headers\":\\{},\"body\":\"one\",\"position\":\"[^\"]+\"},\\{.*\"body\":\"two\".*}]");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void listsPageByPage() {
        List<String> ids = die("boom", "one", "two", "three");

        Cli.Result first = server.cli().run("dead", "list", "mail", "--limit", "2", "--json");
        String position = first.err().replaceFirst("(?s).*--after (\\S+).*", "$1");
        Cli.Result second = server.cli().run("dead", "list", "mail", "--limit", "2", "--json", "--after", position);

        assertThat(first.out()).contains(ids.get(0), ids.get(1)).doesNotContain(ids.get(2));
        assertThat(second.out()).contains(ids.get(2)).doesNotContain(ids.get(0), ids.get(1));
        assertThat(second.err()).isEmpty();
    }

    @Test
    void showsNothingThatPlaysWithTheTerminal() {
        List<String> ids = die("\\033[2Jred\\nline", "body\u001b[2J\u202e");

        String list = server.cli().run("dead", "list", "mail").out();
        String show = server.cli().run("dead", "show", "mail", ids.getFirst()).out();

        assertThat(list + show).doesNotContain("\u001b", "\u202e");
        assertThat(list.lines()).hasSize(2);
        assertThat(list).contains("\\u001b[2Jred", "body\\u001b[2J\\u202e");
        assertThat(show).contains("\\u001b[2Jred", "body\\u001b[2J\\u202e");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 200})
    void theListIsCutToTheTerminalAndOneIsShownWhole(int columns) {
        String id = "18446744073709551614-18446744073709551614";
        String long5 = "word ".repeat(100).strip();
        server.redis()
                .call(
                        "XADD",
                        "hark:{mail}:dead",
                        "*",
                        "hark",
                        "1 " + id + " 1 1 0",
                        "meta",
                        "{\"type\":\"\\u001b[2J" + "世界".repeat(60) + "\"}",
                        "body",
                        long5,
                        "reason",
                        long5);
        die(long5, "short");

        List<String> list =
                server.cli().shownIn(columns).run("dead", "list", "mail").lines();
        List<String> piped = server.cli().run("dead", "list", "mail").lines();

        assertThat(list)
                .hasSize(3)
                .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(columns));
        assertThat(piped)
                .hasSize(3)
                .allSatisfy(line -> assertThat(Text.width(line)).isLessThan(250));
        assertThat(list.getFirst()).contains("ID", "REASON", "BODY");
        assertThat(piped.getFirst()).contains("ID", "TYPE", "ATTEMPTS", "DIED", "REASON", "BODY");
        assertThat(list.get(1)).startsWith(id + " ");
        String position = server.cli()
                .run("dead", "list", "mail", "--json")
                .out()
                .replaceFirst("(?s).*?\"position\":\"([^\"]+)\".*", "$1");
        assertThat(server.cli()
                        .shownIn(columns)
                        .run("dead", "show", "mail", position)
                        .out())
                .contains("body       " + long5, "reason     " + long5);
    }

    @Test
    void idsAreWholeAlsoInANarrowTerminal() {
        String id = die("boom", "a body that is long enough to be cut").getFirst();

        List<String> list = server.cli().shownIn(40).run("dead", "list", "mail").lines();

        assertThat(list).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        assertThat(list.getLast()).startsWith(id + "  exit 65");
        assertThat(server.cli().shownIn(80).run("dead", "list", "mail").out())
                .contains("exit 65: boom", "a body that is");
    }

    @Test
    void aQueueThatDoesNotExistIsSaidToBeNone() {
        die("boom", "one");
        server.cli().run("dead", "delete", "mail", "--all");
        server.redis().call("XADD", "hark:{foreign}:ready", "*", "body", "b");

        for (List<String> command : List.of(
                List.of("dead", "list"), List.of("dead", "retry", "--all"), List.of("dead", "delete", "--all"))) {
            for (String queue : List.of("mail", "foreign", "none")) {
                List<String> words = new ArrayList<>(command);
                words.add(2, queue);

                Cli.Result result = server.cli().run(words.toArray(String[]::new));

                assertThat(result.code()).isZero();
                assertThat(result.err().contains("there is no queue " + queue))
                        .as("%s: %s", words, result.err())
                        .isEqualTo(queue.equals("none"));
            }
        }
    }

    @Test
    void showsEverythingWithTheLedger() {
        server.cli().run("publish", "mail", "b", "--type", "t", "--header", "k=v");
        server.cli()
                .run(
                        "listen",
                        "mail",
                        "--drain",
                        "--max-attempts",
                        "2",
                        "--retry-delay",
                        "1ms",
                        "--exec",
                        "exit $HARK_ATTEMPT");
        String id = server.cli()
                .run("dead", "list", "mail", "--json")
                .out()
                .replaceFirst("(?s).*\"id\":\"([^\"]+)\".*", "$1");

        Cli.Result json = server.cli().run("dead", "show", "mail", id, "--json");
        Cli.Result text = server.cli().run("dead", "show", "mail", id);

        assertThat(json.out())
                .contains("\"type\":\"t\"", "\"headers\":{\"k\":\"v\"}", "\"attempts\":2", "\"key\":null")
                .containsPattern(
                        "\"ledger\":\\[\\{\"at\":\"[^\"]+Z\",\"attempt\":1,\"session\":\"[^\"]+\",\"what\":\"exit 1\"}")
                .containsPattern("\"attempt\":2,\"session\":\"[^\"]+\",\"what\":\"exit 2\"}]");
        assertThat(text.out()).contains(id, "header     k=v", "exit 1", "exit 2", "body       b");
    }

    @Test
    void retriesByIdAndSaysWhichItDoesNotKnow() {
        List<String> ids = die("boom", "one", "two", "three");

        Cli.Result result = server.cli().run("dead", "retry", "mail", ids.get(0), "no-such-id", ids.get(2), "--json");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("{\"retried\":2}\n");
        assertThat(result.err().lines()).singleElement().asString().contains("no-such-id", "hark dead list mail");
        assertThat(server.cli().run("listen", "mail", "--drain").lines()).containsExactlyInAnyOrder("one", "three");
        assertThat(server.figure("mail", "dead")).isEqualTo(1);
    }

    @Test
    void aRetriedMessageStartsAnew() {
        die("boom", "one");

        assertThat(server.cli().run("dead", "retry", "mail", "--all").out()).isEqualTo("1 retried\n");

        assertThat(server.cli().run("listen", "mail", "--drain", "--json").out())
                .contains("\"attempt\":1");
    }

    @Test
    void deletesForGood() {
        List<String> ids = die("boom", "one", "two", "three");

        assertThat(server.cli()
                        .run("dead", "delete", "mail", ids.get(1), "--json")
                        .out())
                .isEqualTo("{\"deleted\":1}\n");
        assertThat(server.cli().run("dead", "delete", "mail", "--all", "--json").out())
                .isEqualTo("{\"deleted\":2}\n");

        assertThat(server.figure("mail", "dead")).isZero();
        assertThat(server.figure("mail", "deleted")).isEqualTo(3);
        assertThat(server.cli().run("dead", "delete", "mail", ids.get(1)).code())
                .isEqualTo(1);
        assertThat(server.cli().run("dead", "delete", "mail", "--all").code()).isZero();
    }

    @Test
    void showsTheOthersWhereOneIsUnknown() {
        List<String> ids = die("boom", "one");

        Cli.Result result = server.cli().run("dead", "show", "mail", "unknown", ids.getFirst());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains(ids.getFirst());
        assertThat(result.err()).contains("unknown");
    }
}
