package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process of its own shows: signals, pipes, memory, its environment. */
class ProcessTest {

    private static final long SECOND = 1_000_000_000;

    private static TestServer server;

    @TempDir
    private Path dir;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void flush() {
        server.redis().call("FLUSHALL");
    }

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

    @Test
    void anArgumentIsPublishedAsItIsOrNotAtAll() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/cmdline")));
        for (String body : List.of("a\\377b", "\\303\\244")) { // no UTF-8, and UTF-8 that a POSIX locale does not know
            List<String> command = new ArrayList<>(List.of(
                    "/usr/bin/env", "LC_ALL=POSIX", "/bin/sh", "-c", "exec \"$@\" \"$(printf '" + body + "')\"", "sh"));
            command.addAll(Jvm.command(List.of(), "publish", "mail"));
            try (Jvm jvm = Jvm.run(server, Path.of("/dev/null"), command)) {
                assertThat(jvm.await()).isEqualTo(body.startsWith("a") ? 2 : 0);
                assertThat(jvm.err()).contains(body.startsWith("a") ? "argument 3 is no text" : "");
            }
        }

        assertThat(server.cli().run("listen", "mail", "--drain").lines()).containsExactly("ä");
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

    @Test
    void listenersInTurnLoseAndDoubleNothing() throws Exception {
        String bodies =
                Stream.iterate(0, i -> i + 1).limit(20_000).map(String::valueOf).collect(Collectors.joining("\n"));
        Cli.Running publishing = server.cli().in(bodies).start("publish", "mail", "--lines");
        List<String> printed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (Jvm jvm = Jvm.start(server, "listen", "mail").awaitOut("\n")) {
                assertThat(jvm.signal("TERM").await()).isZero();
                printed.addAll(Files.readAllLines(jvm.outFile()));
            }
        }
        assertThat(publishing.await().code()).isZero();
        printed.addAll(server.cli().run("listen", "mail", "--drain").lines());

        assertThat(printed).hasSize(20_000).doesNotHaveDuplicates();
    }

    @Test
    void aPipeThatIsClosedGivesTheRestBack() throws Exception {
        List<String> bodies =
                Stream.iterate(0, i -> i + 1).limit(500).map(i -> "m" + i).toList();
        server.publish("mail", bodies.toArray(String[]::new));
        Path read = dir.resolve("read");
        String listen = quoted(Jvm.command(List.of(), "listen", "mail"));

        try (Jvm jvm = Jvm.run(
                server,
                Path.of("/dev/null"),
                List.of(
                        "bash",
                        "-c",
                        "set -o pipefail; " + listen + " | { for i in 1 2 3; do read -r l; echo $l; done; } > "
                                + read))) {
            assertThat(jvm.await()).as(jvm.err()).isZero();
            assertThat(jvm.err()).isEqualTo("hark: listening on mail\n");
        }

        Set<String> first = Set.copyOf(Files.readAllLines(read));
        assertThat(first).hasSize(3);
        List<String> rest = server.cli().run("listen", "mail", "--drain").lines();
        assertThat(rest).doesNotContainAnyElementsOf(first);
        assertThat(server.figure("mail", "done")).isEqualTo(500);
        assertThat(server.figure("mail", "retried")).isZero();
    }

    @Test
    void manyLinesStreamThroughASmallHeap() throws Exception {
        Path lines = dir.resolve("lines");
        try (BufferedWriter writer = Files.newBufferedWriter(lines)) {
            for (int i = 0; i < 200_000; i++) {
                writer.write("message number " + i + " of very many\n");
            }
        }

        try (Jvm jvm = Jvm.start(server, List.of("-Xmx48m"), lines, "publish", "many", "--lines")) {
            assertThat(jvm.await()).as(jvm.err()).isZero();
            try (Stream<String> ids = Files.lines(jvm.outFile())) {
                assertThat(ids.distinct().count()).isEqualTo(200_000);
            }
        }
        assertThat(server.figure("many", "waiting")).isEqualTo(200_000);
    }

    @Test
    void argumentsEnvironmentAndOutputAreUtf8() throws Exception {
        try (Jvm jvm = Jvm.start(server, "publish", "mail", "世界 ü", "--type", "文")) {
            assertThat(jvm.await()).as(jvm.err()).isZero();
        }
        try (Jvm jvm = Jvm.start(server, "listen", "mail", "--drain", "--exec", "cat; echo \" $HARK_TYPE 界\"")) {
            assertThat(jvm.await()).as(jvm.err()).isZero();
            assertThat(jvm.out()).isEqualTo("世界 ü 文 界\n");
        }
    }

    @Test
    void itStartsInUnderASecond() throws Exception {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 10 && best > SECOND; i++) {
            long start = System.nanoTime();
            try (Jvm jvm = Jvm.start(server, "queues", "--json")) {
                assertThat(jvm.await()).as(jvm.err()).isZero();
                assertThat(jvm.err()).isEmpty();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(best).isLessThan(SECOND);
    }

    @Test
    void warningsAreOneLine() throws IOException, InterruptedException {
        server.redis().call("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
        try (Jvm jvm = Jvm.start(server, "publish", "mail", "x")) {
            assertThat(jvm.await()).isZero();
            assertThat(jvm.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("hark: ")
                    .contains("volatile-lru", "noeviction");
        } finally {
            server.redis().call("CONFIG", "SET", "maxmemory-policy", "noeviction");
        }
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
