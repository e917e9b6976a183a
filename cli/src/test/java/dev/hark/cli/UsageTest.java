package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "demo --help",
                "redis --help",
                "bench --help",
                "prove --help",
                "publish --help",
                "listen -h",
                "queues --help",
                "doctor --help",
                "acl --help",
                "dead --help",
                "dead list --help",
                "dead show --help",
                "dead retry --help",
                "dead delete --help"
            })
    void helpShowsUsageExamplesAndExitCodes(String line) {
        Cli.Result result = new Cli().run(line.split(" "));

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("Usage: hark").contains("Examples:", "Exit codes:", "--redis", "--json");
        assertThat(result.lines())
                .allSatisfy(shown -> assertThat(shown.length()).isLessThanOrEqualTo(120));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "publish --help", "listen -h", "doctor --help"})
    void helpFitsTheTerminal(String line) {
        assertThat(new Cli().shownIn(80).run(line.split(" ")).lines())
                .allSatisfy(shown -> assertThat(shown.length()).isLessThanOrEqualTo(80));
    }

    /** What is copied from it can be pasted: no line of an example, and no URL, is broken. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "redis",
                "bench",
                "prove",
                "publish",
                "listen",
                "queues",
                "queues set",
                "doctor",
                "acl",
                "dead",
                "dead list",
                "dead show",
                "dead retry",
                "dead delete"
            })
    void helpCanBeCopiedAtAnyWidth(String command) {
        String[] line = (command + " --help").strip().split(" ");
        String wide = new Cli().shownIn(100).run(line).out();
        for (int columns : new int[] {40, 72, 80}) {
            String narrow = new Cli().shownIn(columns).run(line).out();

            assertThat(examples(narrow)).isEqualTo(examples(wide));
            assertThat(narrow)
                    .contains(
                            "redis://[user:password@]host[:port][/db],",
                            "redis-sentinel://host,host?master=NAME,",
                            "redis-cluster://host,host;",
                            "redis://localhost:6379.");
        }
    }

    private static String examples(String help) {
        return help.substring(help.indexOf("Examples:"));
    }

    @Test
    void helpOfListenTellsOfAllItsExitCodes() {
        assertThat(new Cli().run("listen", "--help").out()).contains("  130 ", "  143 ");
    }

    @Test
    void aCommandThatNeedsNoOtherSaysSo() {
        assertThat(new Cli().run("queues", "--help").out()).contains("[COMMAND]");
        assertThat(new Cli().run("dead", "--help").out()).contains(" COMMAND").doesNotContain("[COMMAND]");
    }

    @Test
    void versionIsOneLine() {
        Cli.Result result = new Cli().run("--version");

        assertThat(result.code()).isZero();
        assertThat(result.lines()).singleElement().asString().startsWith("hark ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dead", "--json", "--verbose dead"})
    void withoutACommandItShowsHowToUseIt(String line) {
        Cli.Result result = new Cli().run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("Usage: hark");
    }

    @ParameterizedTest
    @CsvSource({
        "--foo,--foo",
        "publish q b --foo,--foo",
        "lissten,did you mean listen",
        "publish,QUEUE",
        "publish q a b,'b'",
        "publish q --lines body,--lines",
        "publish q b --delay 5x,'5x'",
        "publish q b --delay -5s,'-5s'",
        "publish q b --delay 40000d,'40000d'",
        "listen q --close-timeout 40000d,'40000d'",
        "listen q --exec true --timeout P50000D,'P50000D'",
        "publish q b --at tomorrow,'tomorrow'",
        "publish q b --delay 5s --at 2030-01-01T00:00:00Z,exclude",
        "publish q b --header novalue,novalue",
        "publish q b --header =7,NAME=VALUE",
        "publish q b --header a=1 --header a=2,'a'",
        "publish q b --max-body 0,0",
        "publish q b --max-body 999999999,--max-body 999999999",
        "publish --channel c b --delay 5s,--delay",
        "publish --channel c b --type t,--type",
        "publish --channel c b --header k=v,--header",
        "listen,queue",
        "listen q --concurrency 0,--concurrency 0 ",
        "listen q --concurrency x,'x'",
        "listen q --max-attempts 0,--max-attempts 0 ",
        "listen q --retry-delay x,'x'",
        "listen q --lease 1ms,--lease PT0.001S ",
        "listen q --exec true --json,--json",
        "listen q --timeout 5s,--exec",
        "listen q --exec true --timeout 0s,--timeout",
        "listen q --close-timeout 0s,--close-timeout",
        "listen --channel c --close-timeout 5s,--close-timeout",
        "listen --channel,channel",
        "listen q --pattern p,'q'",
        "listen --channel c --exec true,--exec",
        "listen --channel c --drain,--drain",
        "listen --pattern p --concurrency 2,--concurrency",
        "dead list,QUEUE",
        "dead list q --limit 0,0",
        "dead list q --limit 1001,--limit 1001 ",
        "dead list q --after x,'x'",
        "dead show q,ID",
        "dead retry q,--all",
        "dead retry q 1-1 --all,exclude",
        "dead delete q,--all",
        "demo --messages 0,0",
        "demo --messages x,'x'",
        "redis --port 70000,70000",
        "bench --messages 5,--messages 5 ",
        "prove --minutes 0,0",
        "prove --seed x,'x'",
        "doctor --yes,--repair",
        "doctor --repair,--yes",
        "doctor mail,'mail'",
        "acl,ROLE",
        "acl boss,'boss'",
        "acl worker --syntax 5,'5'",
        "acl worker --drop-oldest,worker",
        "--prefix a:b acl worker,a:b",
        "--prefix a:b queues,--prefix 'a:b'",
        "queues set q --max-length -1,--max-length",
        "queues list,did you mean hark queues?",
        "dead ls,did you mean hark dead list?"
    })
    void wrongUseIsOneLineThatNamesTheValue(String line, String named) {
        try (TestServer server = TestServer.start()) {
            Cli.Result result = new Cli().env("HARK_REDIS", server.url()).run(line.split(" "));

            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("hark: ")
                    .contains(named)
                    .doesNotContain("redis://");
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(server.redis().number("DBSIZE")).isZero();
        }
    }
}
