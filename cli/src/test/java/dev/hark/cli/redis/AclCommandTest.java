package dev.hark.cli.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.Redis;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.ServerOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AclCommandTest extends CliTest {

    private static String line(String... args) {
        Cli.Result result = new Cli().run(args);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.lines()).hasSize(1);
        return result.lines().get(0);
    }

    /** As the example of the help does: without the first word, with a password. */
    private static String login(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.set(0, "SETUSER");
        words.add(0, "ACL");
        words.add(">secret");
        server.redis().call(words.toArray(String[]::new));
        return server.url().replaceFirst("//(.*@)?", "//" + words.get(2) + ":secret@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publisher", "worker", "reader", "admin"})
    void itPrintsALineThatAServerTakes(String role) {
        String line = line("acl", role);

        assertThat(line)
                .startsWith("user hark-" + role + " on ")
                .contains("~hark:{*}:ready")
                .doesNotContain(">");
        login(line);
        assertThat(line("acl", role, "--syntax", "6.2")).doesNotContain("(");
        assertThat(line("acl", role, "--syntax", "7.2")).contains("+waitaof");
    }

    @Test
    void theExampleOfTheHelpAddsAPassword() throws Exception {
        String example = new Cli()
                .run("acl", "--help").lines().stream()
                        .filter(line -> line.contains("echo \"ACL SETUSER"))
                        .findFirst()
                        .orElseThrow()
                        .replace("hark acl worker", "printf '%s' \"$LINE\"")
                        .replaceFirst("\\|$", ""); // to redis-cli, on the next line
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", example);
        shell.environment().put("LINE", line("acl", "worker"));
        byte[] command = shell.start().getInputStream().readAllBytes();

        // a server splits a line as redis-cli does
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.server().port())) {
            socket.getOutputStream().write(command);
            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine())
                    .isEqualTo("+OK");
        }
        String worker = server.server().url().replaceFirst("//", "//hark-worker:secret@");
        assertThat(run(worker, "publish", "helped", "hi").code()).isZero();
    }

    @Test
    void theLinesMakeAnAclFile(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("users.acl");
        Files.write(
                file,
                List.of(line("acl", "publisher", "--prefix", "shop", "--channel", "news.*"), line("acl", "admin")));

        try (DevServer filed = DevServer.start(ServerOptions.defaults().with("aclfile", "\"" + file + "\""))) {
            assertThat(new Redis(filed.port()).list("ACL", "USERS").stream().map(String::valueOf))
                    .containsExactlyInAnyOrder("default", "shop-publisher", "hark-admin");
        }
    }

    @Test
    void asJsonTheNameStandsBesideIt() {
        assertThat(line("acl", "worker", "--prefix", "shop", "--json"))
                .startsWith("{\"name\":\"shop-worker\",\"line\":\"user shop-worker on ");
    }

    @Test
    void theCommandsWorkWithTheirRoles() {
        String publisher = login(line("acl", "publisher"));
        String worker = login(line("acl", "worker"));
        String reader = login(line("acl", "reader"));
        String admin = login(line("acl", "admin"));

        assertThat(run(publisher, "publish", "roles", "hi").code()).isZero();
        assertThat(run(reader, "queues").out()).contains("roles");
        assertThat(run(worker, "listen", "roles", "--drain").out()).contains("hi");
        assertThat(run(reader, "queues", "set", "roles").code()).isZero();
        assertThat(run(admin, "queues", "set", "roles", "--max-length", "5").out())
                .contains("5");
        assertThat(run(reader, "queues", "set", "roles", "--max-length", "6").err())
                .contains("'hark acl publisher'");
        assertThat(run(publisher, "queues").err()).contains("'hark acl'");
    }

    /** As the default user, who may do everything. */
    private static Cli anyone() {
        return new Cli().env("HARK_REDIS", server.server().url());
    }

    private static Cli.Result run(String url, String... args) {
        return new Cli().env("HARK_REDIS", url).run(args);
    }

    @Test
    void twoPrefixesDoNotSeeEachOther() {
        anyone().env("HARK_PREFIX", "one").run("publish", "mine", "hi");

        assertThat(anyone().run("queues", "--prefix", "one").out()).contains("mine");
        assertThat(anyone().env("HARK_PREFIX", "one").run("queues").out()).contains("mine");
        assertThat(anyone().env("HARK_PREFIX", "one")
                        .run("--prefix", "two", "queues")
                        .out())
                .doesNotContain("mine");
        assertThat(anyone().run("queues").out()).doesNotContain("mine");

        String two = login(line("acl", "admin", "--prefix", "two"));
        assertThat(run(two, "publish", "mine", "hi", "--prefix", "one").err()).contains("NOPERM");
        assertThat(run(two, "publish", "mine", "hi", "--prefix", "two").code()).isZero();
    }

    @Test
    void channelsAreOutOfReachUnlessNamed() {
        String without = login(line("acl", "publisher", "--prefix", "quiet"));
        String with = login(line("acl", "publisher", "--prefix", "loud", "--channel", "news.*", "--channel", "chat"));

        assertThat(run(without, "publish", "--channel", "news.sport", "hi").err())
                .contains("NOPERM");
        assertThat(run(with, "publish", "--channel", "news.sport", "hi").code()).isZero();
        assertThat(run(with, "publish", "--channel", "chat", "hi").code()).isZero();
        assertThat(run(with, "listen", "--channel", "chat").err()).contains("NOPERM");
    }
}
