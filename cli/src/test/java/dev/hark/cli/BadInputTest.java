package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.ServerOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input and servers that are refused: the exit code, one line that names the value, and nothing written. */
class BadInputTest extends CliTest {

    private static void assertRefused(Cli.Result result, int code, String... named) {
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("hark: ")
                .contains(named);
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "{mail}", "a:b", "a/b/c", "世界", "a\nb", "a\u001b[2J"})
    void aBadQueueNameIsNamed(String name) {
        String shown = name.replaceAll("\\p{Cntrl}.*", "");
        for (List<String> command : List.of(
                List.of("publish", name, "body"),
                List.of("listen", name),
                List.of("listen", "good", name),
                List.of("listen", name, "--drain"),
                List.of("dead", "list", name),
                List.of("dead", "show", name, "1-1"),
                List.of("dead", "retry", name, "--all"),
                List.of("dead", "delete", name, "1-1"))) {
            assertRefused(server.cli().run(command.toArray(String[]::new)), 2, shown, "not allowed");
        }
        assertThat(server.redis().number("DBSIZE")).isZero();
    }

    @Test
    void aNameThatIsTooLongOrEmptyIsRefused() {
        assertRefused(server.cli().run("publish", "", "body"), 2, "''");
        assertRefused(server.cli().run("publish", "x".repeat(129), "body"), 2, "128");
        assertThat(server.cli().run("publish", "x".repeat(128), "body").code()).isZero();
    }

    @Test
    void aKeyOfTheWrongTypeIsAFailureOfEachCommand() {
        server.redis().call("SET", "hark:{mail}:ready", "somebody else's");

        assertRefused(server.cli().run("publish", "mail", "body"), 1, "mail", "hark:{mail}:ready");
        assertRefused(server.cli().run("listen", "mail"), 1, "mail", "hark:{mail}:ready");
        assertRefused(server.cli().run("listen", "mail", "--drain"), 1, "mail", "hark:{mail}:ready");
        assertThat(server.redis().call("GET", "hark:{mail}:ready")).isEqualTo("somebody else's");
        assertThat(server.redis().list("KEYS", "hark:{mail}*"))
                .as("and a counter of nothing, which a publisher may not delete")
                .asString()
                .contains("hark:{mail}:ready", "hark:{mail}:stats")
                .doesNotContain("queues", "sender", "later");
        assertThat(server.redis().call("HGET", "hark:{mail}:stats", "published"))
                .isEqualTo("0");
    }

    @Test
    void aQueueThatANewerHarkHasTakenOverIsAFailureOfEachCommand() {
        server.publish("mail", "there before");
        server.redis().call("HSET", "hark:{mail}:stats", "layout", "v99");
        long keys = server.redis().number("DBSIZE");

        for (List<String> command : List.of(
                List.of("publish", "mail", "body"),
                List.of("listen", "mail"),
                List.of("listen", "mail", "--drain"),
                List.of("dead", "list", "mail"),
                List.of("dead", "show", "mail", "1-1"),
                List.of("dead", "retry", "mail", "--all"),
                List.of("dead", "delete", "mail", "1-1"))) {
            assertRefused(
                    server.cli().run(command.toArray(String[]::new)),
                    1,
                    "hark:{mail}:stats says layout 99",
                    "upgrade this program");
        }
        assertThat(server.redis().number("DBSIZE")).isEqualTo(keys);
        assertThat(server.redis().number("XLEN", "hark:{mail}:ready")).isEqualTo(1);
    }

    @Test
    void deadLettersUnderAKeyOfTheWrongTypeAreAFailure() {
        server.redis().call("SET", "hark:{mail}:dead", "somebody else's");

        assertRefused(server.cli().run("dead", "list", "mail"), 1, "mail", "WRONGTYPE");
        assertRefused(server.cli().run("dead", "show", "mail", "1-1"), 1, "mail", "WRONGTYPE");
        assertRefused(server.cli().run("dead", "retry", "mail", "--all"), 1, "mail", "hark:{mail}:dead");
        assertRefused(server.cli().run("dead", "delete", "mail", "--all"), 1, "mail", "hark:{mail}:dead");
        assertThat(server.redis().call("GET", "hark:{mail}:dead")).isEqualTo("somebody else's");
    }

    @Test
    void noRedisIsSaidWithinTheTime() {
        long start = System.nanoTime();
        Cli.Result result = new Cli().run("queues", "--redis", "redis://127.0.0.1:1");

        assertRefused(result, 2, "127.0.0.1:1", "hark redis");
        assertThat((System.nanoTime() - start) / 1e9).isBetween(0.0, 8.0);
    }

    @ParameterizedTest
    @CsvSource({
        "http://u:geheim@host",
        "u:geheim@host:6379",
        "redis//u:geheim@host",
        "redis://u:geheim@",
        "redis://u:ge heim@host",
        "redis://u:geheim@host/first",
        "redis://u:geheim@host:port",
        "redis://u:geheim#@host:70000"
    })
    void aBadUrlIsNamedWithoutItsPassword(String url) {
        for (Cli.Result result : List.of(
                new Cli().run("queues", "--redis", url),
                new Cli().env("HARK_REDIS", url).run("publish", "mail", "x"),
                new Cli().run("--redis", url, "queues", "--verbose"))) {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err())
                    .contains("***@", "redis://[user:password@]host")
                    .doesNotContain("heim");
        }
        assertRefused(new Cli().run("queues", "--redis", url), 2, "***@");
    }

    /** The server waits for more of what it takes for a command. */
    @Test
    void tlsToAServerWithoutItIsSaidToBeWhatMayBeMissing() {
        String url = server.url().replaceFirst("redis", "rediss");

        assertRefused(server.cli().run("queues", "--redis", url), 2, "no TLS");
    }

    @Test
    void onlyWhatIsWrongWithTheUrlIsBlamedOnIt() {
        Cli.Result result = server.cli().run("queues", "--redis", "rediss://localhost?ca=/no/such/file");

        assertRefused(result, 2, "/no/such/file");
        assertThat(result.err()).doesNotContain("the form is");
    }

    @Test
    void aWrongPasswordIsSaidAndNotShown() {
        try (TestServer locked = TestServer.start(ServerOptions.defaults().password("secret"))) {
            String address = "127.0.0.1:" + locked.server().port();

            for (String user : List.of("", ":geheim@", "u:geheim@")) {
                for (String verbose : List.of("--json", "--verbose")) {
                    Cli.Result result = new Cli().run("queues", verbose, "--redis", "redis://" + user + address);
                    assertThat(result.code()).isEqualTo(2);
                    assertThat(result.err()).contains(address, "user:password@").doesNotContain("geheim");
                }
            }
            assertThat(new Cli()
                            .run("publish", "mail", "x", "--redis", locked.url())
                            .code())
                    .isZero();
        }
    }

    @Test
    void aPasswordInTheUrlLetsIn() {
        try (TestServer locked = TestServer.start(ServerOptions.defaults().password("p@ss/w ord"))) {
            Cli.Result result = new Cli().run("publish", "mail", "x", "--redis", locked.url() + "/3", "--verbose");

            assertThat(result.code()).isZero();
            assertThat(result.err()).doesNotContain("p%40ss", "p@ss");
            assertThat(new Cli()
                            .run("queues", "--json", "--redis", locked.url() + "/3")
                            .out())
                    .contains("\"mail\"");
            assertThat(new Cli()
                            .run("queues", "--json", "--redis", locked.url())
                            .out())
                    .isEqualTo("[]\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "allkeys-random"})
    void aServerThatEvictsIsRefusedUnlessAllowed(String policy) {
        try (TestServer evicting = TestServer.start(ServerOptions.defaults().with("maxmemory-policy", policy))) {
            for (List<String> command :
                    List.of(List.of("publish", "mail", "x"), List.of("listen", "mail"), List.of("queues"))) {
                Cli.Result result = evicting.cli().run(command.toArray(String[]::new));
                assertRefused(result, 2, policy, "noeviction", "--allow-eviction");
            }
            assertThat(evicting.redis().number("DBSIZE")).isZero();

            assertThat(evicting.cli()
                            .run("publish", "mail", "x", "--allow-eviction")
                            .code())
                    .isZero();
        }
    }

    @Test
    void aServerThatEvictsExpiringKeysIsAccepted() {
        try (TestServer server = TestServer.start(ServerOptions.defaults().with("maxmemory-policy", "volatile-lru"))) {
            assertThat(server.cli().run("publish", "mail", "x").code()).isZero();
        }
    }

    @Test
    void aServerOlderThan62IsRefused() throws Exception {
        try (OldServer old = new OldServer("6.0.16")) {
            Cli.Result result = new Cli().run("queues", "--redis", old.url());

            assertRefused(result, 2, "6.0.16", "6.2");
            assertThat(result.err()).doesNotContain("--allow-eviction");
        }
    }
}
