package dev.hark.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Hark;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenExecTest extends CliTest {

    @TempDir
    private Path dir;

    @Test
    void theCommandGetsTheBodyOnStdinAndTheRestInItsEnvironment() {
        String id = server.cli()
                .run("publish", "mail", "世界", "--type", "letter")
                .lines()
                .getFirst();

        Cli.Result result = exec("mail", "cat; echo \" $HARK_ID $HARK_QUEUE $HARK_TYPE $HARK_ATTEMPT\"; echo err >&2");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("世界 " + id + " mail letter 1\n");
        assertThat(result.err().lines()).contains("err");
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    @Test
    void aMessageWithoutATypeHasAnEmptyOne() {
        server.publish("mail", "b");

        assertThat(exec("mail", "echo \"[${HARK_TYPE-unset}] [${HARK_KEY-unset}] $HARK_HEADERS\"")
                        .out())
                .isEqualTo("[] [] {}\n");
    }

    @Test
    void keyAndHeadersAreInItsEnvironment() {
        publish("b", Publish.key("customer 7").header("trace", "\"é\n").header("n", ""));

        assertThat(exec("mail", "printf '%s\\n' \"$HARK_KEY\" \"$HARK_HEADERS\"")
                        .lines())
                .containsExactly("customer 7", "{\"trace\":\"\\\"é\\n\",\"n\":\"\"}");
    }

    /** Of a type with a zero, and of more than an environment takes. */
    @Test
    void whatItsEnvironmentCannotTakeIsInAFile() {
        String large = "世".repeat(60_000);
        publish("one", Publish.type(large).key("k").header("a", "b"));
        publish("two", Publish.type("a\0b"));

        Cli.Result result = exec(
                "mail",
                "cat; printf \" $HARK_ATTEMPT ${HARK_TYPE-none} ${HARK_KEY-none} ${HARK_HEADERS-none} \";"
                        + " cat \"$HARK_META_FILE\"; echo");

        assertThat(result.lines())
                .containsExactlyInAnyOrder(
                        "one 1 none none none {\"type\":\"" + large + "\",\"key\":\"k\",\"headers\":{\"a\":\"b\"}}",
                        "two 1 none none none {\"type\":\"a\\u0000b\",\"key\":null,\"headers\":{}}");
        assertThat(server.figure("mail", "done")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\t\n"})
    void aCommandThatIsBlankIsRefused(String command) {
        server.publish("mail", "b");

        Cli.Result result = exec("mail", command);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().contains("--exec", "is no command");
        assertThat(server.figure("mail", "waiting")).isEqualTo(1);
    }

    @Test
    void aCommandThatCannotBeStartedBurnsNoAttempt() throws IOException {
        server.publish("mail", "b");
        Path temporary = dir.resolve("temporary");
        Cli cli = server.cli().env("TMPDIR", temporary.toString());
        try (Cli.Running listening =
                cli.start("listen", "mail", "--exec", "echo attempt $HARK_ATTEMPT", "--max-attempts", "1", "--drain")) {
            listening.awaitErr("its command cannot be started");

            Files.createDirectory(temporary);

            assertThat(listening.await().out()).isEqualTo("attempt 1\n");
        }
        assertThat(server.figure("mail", "done")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(temporary).isEmptyDirectory());
    }

    /** What holds a pipe holds the thread that reads it; more of these than virtual threads can have carriers. */
    @Test
    void commandsThatLeaveSomethingBehindWithTheirPipesOpenStopNoOthers() throws IOException {
        int messages = 300;
        server.publish(
                "mail", IntStream.range(0, messages).mapToObj(String::valueOf).toArray(String[]::new));
        Path pids = dir.resolve("pids");
        try {
            Cli.Result result =
                    exec("mail", "sleep 600 & echo $! >> " + pids + "; echo started", "--concurrency", "100");

            assertThat(result.code()).isZero();
            assertThat(result.out().lines()).hasSize(messages).containsOnly("started");
        } finally {
            for (String pid : Files.readAllLines(pids)) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        assertThat(server.figure("mail", "done")).isEqualTo(messages);
    }

    @Test
    void anyOtherExitIsTriedAgainWithTheLastLinesAsTheError() {
        server.publish("mail", "b");

        Cli.Result result = exec(
                "mail",
                "echo noise >&2; echo a >&2; echo b >&2; echo c >&2; echo d >&2; echo e >&2; [ $HARK_ATTEMPT = 3 ] || exit 7",
                "--retry-delay",
                "10ms");

        assertThat(result.code()).isZero();
        assertThat(server.figure("mail", "retried")).isEqualTo(2);
        assertThat(server.figure("mail", "done")).isEqualTo(1);
        assertThat(result.err()).contains("attempt 1 failed: exit 7: a b c d e; next try in", "attempt 2 failed");
    }

    @Test
    void afterTheLastAttemptTheMessageIsDeadWithItsErrors() {
        server.publish("mail", "b");

        Cli.Result result =
                exec("mail", "echo boom $HARK_ATTEMPT >&2; exit 3", "--retry-delay", "1ms", "--max-attempts", "2");

        assertThat(result.code()).isZero();
        assertThat(server.figure("mail", "dead")).isEqualTo(1);
        assertThat(server.cli().run("dead", "list", "mail", "--json").out())
                .contains("\"attempts\":2", "\"reason\":\"exit 3: boom 2\"");
        assertThat(result.err()).contains("attempt 2 failed: exit 3: boom 2; it is dead now: hark dead show mail ");
    }

    @Test
    void exit65IsDeadAtOnce() {
        server.publish("mail", "b");

        exec("mail", "echo malformed >&2; exit 65");

        assertThat(server.cli().run("dead", "list", "mail", "--json").out())
                .contains("\"attempts\":1", "\"reason\":\"exit 65: malformed\"");
    }

    @Test
    void aCommandThatDoesNotExistIsAFailedAttempt() {
        server.publish("mail", "b");

        exec("mail", "/no/such/command", "--max-attempts", "1");

        assertThat(server.cli().run("dead", "list", "mail", "--json").out()).contains("exit 127");
    }

    @Test
    void aCommandNeedNotReadItsStdin() {
        server.cli().in(new byte[1 << 20]).run("publish", "mail");

        assertThat(exec("mail", "exit 0").code()).isZero();
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    @Test
    void largeBodiesPassThrough() {
        String body = "x".repeat(1 << 20);
        server.publish("mail", body);

        assertThat(exec("mail", "cat").out()).isEqualTo(body);
    }

    @Test
    void linesOfCommandsSideBySideDoNotMix() {
        String[] bodies = IntStream.range(0, 40).mapToObj(i -> "m" + i).toArray(String[]::new);
        server.publish("mail", bodies);

        Cli.Result result = exec(
                "mail",
                "b=$(cat); i=0; while [ $i -lt 50 ]; do printf $b-; printf $b-; printf $b-; echo $b; i=$((i + 1)); done",
                "--concurrency",
                "8");

        assertThat(result.lines()).hasSize(2000);
        assertThat(result.lines().stream().distinct().collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(List.of(bodies).stream()
                        .map(b -> b + "-" + b + "-" + b + "-" + b)
                        .toList());
    }

    private static void publish(String body, PublishOptions options) {
        try (Hark hark = Hark.connect(server.url())) {
            hark.queue("mail", String.class).publish(body, options);
        }
    }

    @Test
    void halfOfACharacterIsEscapedInTheFile() {
        server.redis().call("XADD", "hark:{mail}:ready", "*", "body", "b", "meta", "{\"type\":\"a\\ud800b\"}");

        Cli.Result result = exec("mail", "cat \"$HARK_META_FILE\"; echo");

        assertThat(result.lines()).containsExactly("{\"type\":\"a\\ud800b\",\"key\":null,\"headers\":{}}");
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    /** What an environment takes depends on what else is in it. */
    @Test
    void whatFitsIntoNoEnvironmentOfThisProcessIsInAFileToo() throws Exception {
        publish("b", Publish.type("x".repeat(60_000)));
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env", "LARGE=" + "x".repeat(100_000), "/bin/sh", "-c", "ulimit -s 512; exec \"$@\"", "sh"));
        command.addAll(Jvm.command(List.of(), "listen", "mail", "--drain", "--exec", "wc -c <\"$HARK_META_FILE\""));

        try (Jvm jvm = Jvm.run(server, Path.of("/dev/null"), command)) {
            assertThat(jvm.await()).as(jvm.err()).isZero();
            assertThat(Integer.parseInt(jvm.out().strip())).isGreaterThan(60_000);
        }
    }

    @Test
    void aCommandThatBeginsLikeAnOptionOfTheShellIsNone() {
        server.publish("mail", "b");

        exec("mail", "-x true", "--max-attempts", "1");

        assertThat(server.cli().run("dead", "list", "mail", "--json").out()).contains("-x:");
    }
}
