package dev.hark.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.admin.AclUser;
import dev.hark.admin.Diagnosis;
import dev.hark.admin.Finding;
import dev.hark.admin.Role;
import dev.hark.admin.Severity;
import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.TestServer;
import dev.hark.devserver.ServerOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class DoctorCommandTest extends CliTest {

    private static void lose(String queue) {
        server.publish(queue, "a", "b", "c");
        server.redis().call("XTRIM", "hark:{" + queue + "}:ready", "MAXLEN", "1");
    }

    /** Each object as its names and values in turn. */
    private static List<List<String>> parsed(String json) {
        List<List<String>> objects = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    objects.add(new ArrayList<>());
                } else if (token != JsonToken.END_OBJECT) {
                    objects.get(objects.size() - 1).add(parser.getString());
                }
            }
        }
        return objects;
    }

    @Test
    void warningsLeaveTheExitCodeAtZero() {
        server.publish("mail", "a");

        Cli.Result result = server.cli().run("doctor");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.lines().get(0)).startsWith("All promises hold; ");
        assertThat(result.out())
                .contains(
                        "1 server",
                        "1 queue",
                        "WARNINGS",
                        "nobody-listens  [queue mail]",
                        "do: Start a listener",
                        "NOTES")
                .doesNotContain("ERRORS");
        assertThat(result.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void aPromiseThatDoesNotHoldIsExitCodeOne() {
        lose("mail");

        Cli.Result result = server.cli().run("doctor");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines().get(0)).startsWith("Not all promises hold: 1 error");
        assertThat(result.out()).contains("ERRORS", "sum  [queue mail]", "2 messages", "repair: hark doctor --repair");
    }

    @Test
    void asJsonItIsOneArray() {
        lose("mail");

        Cli.Result result = server.cli().run("doctor", "--json");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.lines()).hasSize(1);
        List<String> first = parsed(result.out()).get(0);
        assertThat(List.of(first.get(0), first.get(1), first.get(3), first.get(5)))
                .containsExactly("id", "sum", "error", "mail");
        assertThat(first).contains("severity", "queue", "what", "do", "repair").hasSize(12);
        assertThat(parsed(result.out()))
                .allSatisfy(finding -> assertThat(finding).contains("what", "do"));
    }

    @Test
    void aServerThatEvictsIsDiagnosedAndNotRefused() {
        try (TestServer evicting = TestServer.start(ServerOptions.defaults().with("maxmemory-policy", "allkeys-lru"))) {
            Cli.Result result = evicting.cli().run("doctor");

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).contains("eviction", "allkeys-lru");
        }
    }

    @Test
    void withYesItRepairsWithoutAsking() {
        lose("mail");

        Cli.Result result = server.cli().run("doctor", "--repair", "--yes", "--json");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("count 2 messages of queue mail as deleted", "2 messages counted as deleted");
        assertThat(parsed(result.out()))
                .noneSatisfy(finding -> assertThat(finding).contains("sum"));
        assertThat(server.figure("mail", "deleted")).isEqualTo(2);
        assertThat(server.cli().run("doctor", "--repair", "--yes").err()).contains("nothing to repair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "n\n", "", "what?\n"})
    void whoDoesNotAgreeChangesNothing(String answer) {
        lose("mail");

        Cli.Result result = server.cli().typing(answer).run("doctor", "--repair");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("do this? [y/N]", "nothing was changed");
        assertThat(server.figure("mail", "deleted")).isZero();
    }

    @Test
    void whoAgreesIsObeyed() {
        lose("mail");

        assertThat(server.cli().typing("y\n").run("doctor", "--repair").code()).isZero();

        assertThat(server.figure("mail", "deleted")).isEqualTo(2);
    }

    @Test
    void whereNobodyCanAnswerItRefuses() {
        lose("mail");

        Cli.Result result = server.cli().run("doctor", "--repair");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--yes");
        assertThat(result.out()).isEmpty();
        assertThat(server.figure("mail", "deleted")).isZero();
    }

    @Test
    void aReaderLooksAndIsToldWhatARepairNeeds() {
        List<String> words =
                new ArrayList<>(List.of(Hark.aclLine(AclUser.of(Role.READER)).split(" ")));
        words.set(0, "SETUSER");
        words.add(0, "ACL");
        words.add(">secret");
        server.redis().call(words.toArray(String[]::new));
        String reader = server.url().replaceFirst("//.*@", "//hark-reader:secret@");
        lose("mail");

        Cli.Result result = new Cli().run("doctor", "--repair", "--yes", "--redis", reader);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("write_off.lua", "'hark acl admin'");
        assertThat(result.out()).contains("sum  [queue mail]", "CONFIG GET");
    }

    @Test
    void whenAllIsWellOneLineSaysSo() {
        Finding note = new Finding("memory", Severity.INFO, null, "uses little.", "Nothing now.", null);

        List<String> well = DoctorReport.lines(new Diagnosis(List.of("a:1"), List.of("q", "r"), List.of()), 0);

        assertThat(String.join(" ", well)).startsWith("All is well. Looked at").contains("1 server;", "2 queues.");
        assertThat(DoctorReport.lines(new Diagnosis(List.of("a:1"), List.of(), List.of(note)), 0))
                .contains("NOTES: good to know", "  memory", "    do: Nothing now.")
                .first()
                .asString()
                .startsWith("All is well.");
    }

    @Test
    void whatCouldNotBeSeenIsSaidBesideTheVerdict() {
        Finding hidden =
                new Finding("hidden", Severity.INFO, null, "CONFIG is refused.", "Look as another user.", null);

        assertThat(DoctorReport.lines(new Diagnosis(List.of("a:1"), List.of(), List.of(hidden)), 0))
                .first()
                .asString()
                .startsWith("All is well. Not all could be seen: see hidden. Looked at");
    }
}
