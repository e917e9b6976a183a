package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to the command in a process of its own. */
class SignalsTest extends CliTest {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aSignalDrainsWhatRunsAndExitsWith0(String signal) throws Exception {
        server.publish("mail", "one", "two");
        try (Gate gate = new Gate();
                Jvm jvm = Jvm.start(
                        server,
                        "listen",
                        "mail",
                        "--concurrency",
                        "1",
                        "--exec",
                        "echo begin; cat " + gate.path() + "; echo end")) {
            jvm.awaitOut("begin");
            jvm.signal(signal);
            gate.open();

            assertThat(jvm.await()).isZero();
            assertThat(jvm.out()).isEqualTo("begin\nend\n");
        }
        assertThat(server.figure("mail", "done")).isEqualTo(1);
        assertThat(server.figure("mail", "waiting")).isEqualTo(1);
        assertThat(server.figure("mail", "active")).isZero();
        assertThat(server.figure("mail", "sessions")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130"})
    void theSecondSignalEndsAtOnceAndGivesBackWhatRuns(String signal, int code) throws Exception {
        server.publish("mail", "one");
        Path pid = dir.resolve("pid");
        try (Jvm jvm = Jvm.start(
                server,
                "listen",
                "mail",
                "--lease",
                "10m",
                "--concurrency",
                "2",
                "--exec",
                "echo $$ > " + pid + "; echo begin; sleep 600; echo never")) {
            jvm.awaitOut("begin").signal(signal);
            await().until(() -> !blockedClients()); // it claims no more
            long start = System.nanoTime();

            assertThat(jvm.signal(signal).await()).as(jvm.err()).isEqualTo(code);

            assertThat((System.nanoTime() - start) / 1e9).isLessThan(15); // draining would take 22 s
            assertThat(jvm.out()).isEqualTo("begin\n");
        }
        assertThat(server.figure("mail", "waiting")).isEqualTo(1);
        assertThat(server.figure("mail", "sessions")).isZero();
        awaitEnd(pid);
    }

    private static boolean blockedClients() {
        return !server.redis().call("INFO", "clients").toString().contains("blocked_clients:0");
    }

    private static void awaitEnd(Path pids) throws IOException {
        for (String pid : Files.readAllLines(pids)) {
            await().until(() -> ProcessHandle.of(Long.parseLong(pid))
                    .filter(ProcessHandle::isAlive)
                    .isEmpty());
        }
    }

    /** What makes a session of its own outlives the listener, and shows what it would have read. */
    @Test
    void aCommandReadsTheWholeBodyThoughItsListenerIsKilled() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")));
        server.cli().in(new byte[1 << 20]).run("publish", "mail");
        Path rest = dir.resolve("rest");
        try (Gate gate = new Gate()) {
            String command = "dd bs=1 count=1 > /dev/null 2>&1; echo begun; cat " + gate.path() + "; cat | wc -c > "
                    + rest + ".part; mv " + rest + ".part " + rest;
            try (Jvm jvm = Jvm.start(server, "listen", "mail", "--exec", "exec setsid -w sh -c '" + command + "'")) {
                jvm.awaitOut("begun").signal("KILL").await();
            }

            gate.open();

            await().until(() -> Files.exists(rest));
            assertThat(Files.readString(rest).strip()).isEqualTo(Integer.toString((1 << 20) - 1));
        }
    }

    @Test
    void commandsEndWithTheirListenerAlsoIfItIsKilled() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")));
        server.publish("mail", "one");
        Path pids = dir.resolve("pids");
        Path temporary = Files.createDirectory(dir.resolve("temporary"));
        String sleep = "sh -c \"echo \\$\\$ >> " + pids + "; exec sleep 600\"";
        String command = "(" + sleep + " &); bash -c 'set -m; " + sleep + " & " + sleep + "'";
        List<String> inFolder = new ArrayList<>(List.of("/usr/bin/env", "TMPDIR=" + temporary));
        inFolder.addAll(Jvm.command(List.of(), "listen", "mail", "--exec", command));
        try (Jvm jvm = Jvm.run(server, Path.of("/dev/null"), inFolder)) {
            await().until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 3);

            jvm.signal("KILL").await();
        }

        awaitEnd(pids);
        await().untilAsserted(() -> assertThat(temporary).isEmptyDirectory());
    }

    /** With the group that the listener is in, as "timeout -s KILL" does. */
    @Test
    void bodiesAreDeletedAlsoIfAWholeGroupIsKilled() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")));
        server.publish("mail", "one");
        Path temporary = Files.createDirectory(dir.resolve("temporary"));
        List<String> inGroup = new ArrayList<>(List.of("/usr/bin/setsid", "/usr/bin/env", "TMPDIR=" + temporary));
        inGroup.addAll(Jvm.command(List.of(), "listen", "mail", "--exec", "echo begin; sleep 600"));
        try (Jvm jvm = Jvm.run(server, Path.of("/dev/null"), inGroup)) {
            jvm.awaitOut("begin").signalGroup("KILL").await();
        }

        await().untilAsserted(() -> assertThat(temporary).isEmptyDirectory());
    }

    @Test
    void aGroupThatKeepsForkingEndsWithItsListener() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")));
        server.publish("mail", "one");
        String command = "timeout 1000 sh -c 'while :; do sleep 600.125 & sleep 0.005; done'";
        try (Jvm jvm = Jvm.start(server, "listen", "mail", "--exec", command)) {
            await().until(() -> Jvm.running("600.125").size() > 10);

            jvm.signal("KILL").await();
        }

        await().until(() -> Jvm.running("600.125").isEmpty());
    }

    @Test
    void aSignalEndsItAlsoWhereNobodyReadsWhatItWrites() throws Exception {
        server.cli().in(new byte[200_000]).run("publish", "mail");
        ProcessBuilder builder = new ProcessBuilder(Jvm.command(List.of(), "listen", "mail", "--close-timeout", "1s"))
                .redirectErrorStream(true);
        builder.environment().put("HARK_REDIS", server.url());
        Process process = builder.start();
        try {
            await().until(() -> server.figure("mail", "active") == 1);

            process.toHandle().destroy(); // else the pipe would be closed as well

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void ctrlCAtATerminalLetsTheCommandThatRunsEnd() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")));
        server.publish("mail", "one");
        List<String> inGroup = new ArrayList<>(List.of("/usr/bin/setsid"));
        try (Gate gate = new Gate()) {
            inGroup.addAll(Jvm.command(
                    List.of(), "listen", "mail", "--exec", "echo begin; cat " + gate.path() + "; echo end"));
            try (Jvm jvm = Jvm.run(server, Path.of("/dev/null"), inGroup)) {
                jvm.awaitOut("begin");
                jvm.signalGroup("INT");
                gate.open();

                assertThat(jvm.await()).isZero();
                assertThat(jvm.out()).isEqualTo("begin\nend\n");
            }
        }
        assertThat(server.figure("mail", "done")).isEqualTo(1);
    }

    @Test
    void anIdleListenerStopsAtOnce() throws Exception {
        try (Jvm jvm = Jvm.start(server, "listen", "mail").awaitErr("listening on mail")) {
            long start = System.nanoTime();

            assertThat(jvm.signal("TERM").await()).isZero();

            assertThat((System.nanoTime() - start) / 1e9).isLessThan(5);
            assertThat(jvm.err()).isEqualTo("hark: listening on mail\n");
        }
    }

    @Test
    void aChannelListenerStopsAtOnce() throws Exception {
        try (Jvm jvm = Jvm.start(server, "listen", "--channel", "c").awaitErr("listening on c")) {
            assertThat(jvm.signal("TERM").await()).isZero();
        }
    }

    @Test
    void redisStopsOnASignal() throws Exception {
        try (Jvm jvm = Jvm.start(server, "redis").awaitOut("\n")) {
            assertThat(jvm.signal("TERM").await()).isZero();
            assertThat(jvm.out()).matches("redis://127\\.0\\.0\\.1:\\d+\n");
        }
    }

    @Test
    void aDemoThatIsInterruptedLeavesNothing() throws Exception {
        try (Jvm jvm = Jvm.start(server, "demo", "--messages", "5000000", "--redis", server.demoUrl())) {
            await().until(() -> !server.redis().list("KEYS", "hark-demo*").isEmpty());

            assertThat(jvm.signal("INT").await()).isEqualTo(1);

            assertThat(jvm.err()).contains("ended early");
            assertThat(server.redis().list("KEYS", "hark-demo*")).isEmpty();
        }
    }
}
