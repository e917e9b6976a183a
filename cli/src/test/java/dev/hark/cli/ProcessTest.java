package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: signals, pipes, memory, its environment. */
class ProcessTest extends CliTest {

    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path dir;

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
    void aHeaderIsTakenAsItIsWithoutAWord() throws Exception {
        String value = "x\"\u001b[31my='z";
        try (Jvm jvm = Jvm.start(server, "publish", "mail", "b", "--header", "b=" + value)) {
            assertThat(jvm.await()).isZero();
            assertThat(jvm.err()).isEmpty();
        }
        assertThat(server.cli().run("listen", "mail", "--drain", "--json").out())
                .contains("{\"b\":\"x\\\"\\u001B[31my='z\"}");
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
