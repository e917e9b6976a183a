package dev.hark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of an earlier release works beside that of this build, and is replaced by it while messages flow. */
class UpgradeTest extends CliTest {

    private static final String PREVIOUS = "hark.test.previous";
    private static final int EACH = 10_000;

    /** Each listener prints so many at least before the next step. */
    private static final int SOME = 200;

    private static Path previous;

    @TempDir
    private Path dir;

    private final List<Jvm> running = new ArrayList<>();

    @BeforeAll
    static void needPrevious() {
        String jar = System.getProperty(PREVIOUS, "");
        assumeTrue(
                !jar.isEmpty(),
                "skipped: -D" + PREVIOUS + "=/path/to/hark.jar, with its lib beside it, names an earlier release");
        previous = Path.of(jar).toAbsolutePath();
        assertThat(previous).isRegularFile();
    }

    @Test
    void anEarlierReleaseIsReplacedWithoutLossAndWithoutASecondDelivery() throws Exception {
        try {
            List<Jvm> old = listeners(Jvm.command(previous, "listen", "mail"));
            Jvm earlier = run(lines("earlier"), Jvm.command(previous, "publish", "mail", "--lines"));
            awaitSomeOf(old);
            assertThat(earlier.await()).as(earlier.err()).isZero();

            List<Jvm> young = listeners(Jvm.command(List.of(), "listen", "mail"));
            Jvm publishing = run(lines("later"), Jvm.command(List.of(), "publish", "mail", "--lines"));
            Jvm refusedOrNot = run(lines("last"), Jvm.command(previous, "publish", "mail", "--lines"));
            awaitSomeOf(young);
            for (Jvm one : old) {
                assertThat(one.signal("TERM").await()).as(one.err()).isZero();
            }
            assertThat(publishing.await()).as(publishing.err()).isZero();
            int last = refusedOrNot.await();
            long accepted = 2L * EACH + refusedOrNot.out().lines().count();
            if (last != 0) {
                assertThat(refusedOrNot.err()).contains("HARKLAYOUT");
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> server.figure("mail", "done") == accepted);
            for (Jvm one : young) {
                assertThat(one.signal("TERM").await()).as(one.err()).isZero();
            }

            Map<String, Integer> times = new HashMap<>();
            for (Jvm one : Stream.concat(old.stream(), young.stream()).toList()) {
                one.out().lines().forEach(body -> times.merge(body, 1, Integer::sum));
            }
            assertThat(times.values())
                    .as("how often each was delivered")
                    .containsOnly(1)
                    .hasSize((int) accepted);
            assertThat(times.keySet())
                    .containsAll(bodies("earlier").toList())
                    .containsAll(bodies("later").toList());
            assertThat(server.figure("mail", "recovered")).isZero();
            assertThat(server.figure("mail", "refused")).isZero();
            assertThat(server.figure("mail", "sessions")).isZero();
        } finally {
            for (Jvm one : running) {
                one.close();
            }
        }
    }

    private List<Jvm> listeners(List<String> command) {
        List<Jvm> two = List.of(run(Path.of("/dev/null"), command), run(Path.of("/dev/null"), command));
        two.forEach(one -> one.awaitErr("listening on mail"));
        return two;
    }

    private static void awaitSomeOf(List<Jvm> listeners) {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        listeners.stream().allMatch(one -> one.out().lines().count() >= SOME));
    }

    private Jvm run(Path in, List<String> command) {
        Jvm jvm = Jvm.run(server, in, command);
        running.add(jvm);
        return jvm;
    }

    private Path lines(String name) throws Exception {
        return Files.writeString(dir.resolve(name), bodies(name).collect(Collectors.joining("\n")));
    }

    private static Stream<String> bodies(String name) {
        return IntStream.range(0, EACH).mapToObj(i -> name + " " + i);
    }
}
