package dev.hark.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hark.cli.Cli;
import dev.hark.cli.CliTest;
import dev.hark.cli.Gate;
import dev.hark.cli.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How commands of {@code --exec} end, and what they started with them. */
class ExecEndTest extends CliTest {

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    @TempDir
    private Path dir;

    @Test
    void timeoutKillsTheWholeTreeAndIsAFailedAttempt() throws IOException {
        server.publish("mail", "b");
        Path pids = dir.resolve("pids");

        exec(
                "mail",
                "sh -c 'echo $$ >> " + pids + "; sleep 600; true' & echo $$ >> " + pids + "; wait",
                "--timeout",
                "300ms",
                "--max-attempts",
                "1");

        assertThat(server.cli().run("dead", "list", "mail", "--json").out())
                .contains("\"attempts\":1", "\"reason\":\"killed after 300ms\"");
        assertAllEnd(pids, 2);
    }

    /** One that has lost its parents, one in a group of its own, and one after a "kill 0", which reaches the guard. */
    @ParameterizedTest
    @ValueSource(strings = {"(SLEEP &); SLEEP", "bash -c 'set -m; SLEEP & SLEEP'", "kill 0; (SLEEP &); SLEEP"})
    void timeoutKillsWhatHasForkedAway(String command) throws IOException {
        assumeTrue(Files.isExecutable(SETSID));
        server.publish("mail", "b");
        Path pids = dir.resolve("pids");
        String script = "trap : TERM; "
                + command.replace(
                        "SLEEP", "sh -c \"trap : TERM; echo \\$\\$ >> " + pids + "; while :; do sleep 1; done\"");

        exec("mail", script, "--timeout", "3s", "--max-attempts", "1");

        assertThat(server.cli().run("dead", "list", "mail", "--json").out()).contains("killed after 3s");
        assertAllEnd(pids, 2);
    }

    @Test
    void closingKillsWhatHasForkedAwayAndGivesTheMessageBack() throws IOException {
        assumeTrue(Files.isExecutable(SETSID));
        server.publish("mail", "b");
        Path pids = dir.resolve("pids");
        String sleep = "sh -c 'echo $$ >> " + pids + "; exec sleep 600'";
        Cli.Running listening =
                server.cli().start("listen", "mail", "--close-timeout", "2s", "--exec", "(" + sleep + " &); " + sleep);
        await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 2);
        long start = System.nanoTime();

        Cli.Result result = listening.stop();

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains(
                        "1 message in work may be finished, for 2s at most; a second Ctrl-C", "gave back 1 message\n");
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(15); // the default would be 22 s
        assertAllEnd(pids, 2);
        assertThat(server.figure("mail", "waiting")).isEqualTo(1);
        assertThat(server.figure("mail", "sessions")).isZero();
    }

    @Test
    void closingEndsInTimeAlsoWhereRedisDoesNotAnswer() throws IOException {
        server.publish("mail", "b");
        try (Gate gate = new Gate()) {
            Cli.Running listening = server.cli()
                    .start("listen", "mail", "--close-timeout", "1s", "--exec", "echo begun; cat " + gate.path());
            listening.awaitOut("begun");
            server.redis().call("CLIENT", "PAUSE", "6000", "ALL");

            Cli.Result result = listening.stop();

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("Redis did not take all outcomes within 1s");
        }
    }

    @Test
    void closingEndsInTimeAlsoWhileADrainAsksARedisThatDoesNotAnswer() throws IOException {
        server.publish("mail", "b");
        try (Gate gate = new Gate()) {
            Cli.Running listening = server.cli()
                    .start(
                            "listen",
                            "mail",
                            "--drain",
                            "--close-timeout",
                            "1s",
                            "--exec",
                            "echo begun; cat " + gate.path());
            listening.awaitOut("begun");
            server.redis().call("CLIENT", "PAUSE", "12000", "ALL");
            await().until(ExecEndTest::isAsking);
            long start = System.nanoTime();

            assertThat(listening.stop().code()).isEqualTo(1);

            assertThat((System.nanoTime() - start) / 1e9).isLessThan(9);
        }
    }

    private static boolean isAsking() {
        return Thread.getAllStackTraces().values().stream()
                .map(Arrays::toString)
                .anyMatch(stack ->
                        stack.contains("dev.hark.cli.listen.Drain") && stack.contains("dev.hark.admin.QueueInspector"));
    }

    /** What is forked while others are looked for is found as well: a group ends at one stroke. */
    @Test
    void closingEndsAGroupOfItsOwnThatKeepsForking() {
        assumeTrue(Files.isExecutable(SETSID));
        server.publish("mail", "b");
        String command = "timeout 1000 sh -c 'while :; do sleep 600.25 & sleep 0.005; done'";
        Cli.Running listening = server.cli().start("listen", "mail", "--close-timeout", "1s", "--exec", command);
        await().until(() -> Jvm.running("600.25").size() > 10);

        assertThat(listening.stop().code()).isZero();

        await().until(() -> Jvm.running("600.25").isEmpty());
    }

    private static void assertAllEnd(Path pids, int count) throws IOException {
        List<Long> started =
                Files.readAllLines(pids).stream().map(Long::valueOf).toList();
        assertThat(started).hasSize(count);
        await().until(() -> started.stream().noneMatch(ExecEndTest::isAlive));
    }

    @Test
    void stoppingFinishesTheCommandThatRuns() throws IOException {
        server.publish("mail", "b");
        try (Gate gate = new Gate()) {
            Cli.Running listening = server.cli().start("listen", "mail", "--exec", "cat " + gate.path() + "; echo end");
            await().until(() -> server.figure("mail", "active") == 1);
            Thread.ofVirtual().start(gate::open);

            Cli.Result result = listening.stop();

            assertThat(result.code()).isZero();
            assertThat(result.out()).isEqualTo("end\n");
        }
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    @Test
    void aClosedPipeKillsTheCommandAndGivesTheMessageBack() {
        server.publish("mail", "one");

        Cli.Result result = server.cli().out(Cli.closedPipe()).run("listen", "mail", "--exec", "cat; echo; sleep 600");

        assertThat(result.code()).isZero();
        assertThat(server.cli().run("listen", "mail", "--drain", "--json").out())
                .contains("\"attempt\":1", "\"body\":\"one\"");
    }

    @Test
    void whatACommandLeavesInTheBackgroundDoesNotHoldItsMessage() {
        server.publish("mail", "one");

        Cli.Result result = exec("mail", "sleep 600 & echo $! ");

        long left = Long.parseLong(result.out().strip());
        assertThat(isAlive(left)).isTrue();
        ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
        assertThat(result.code()).isZero();
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
