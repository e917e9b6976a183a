package dev.hark.faults;

import static dev.hark.faults.Patience.assertConserved;
import static dev.hark.faults.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.Receipt;
import dev.hark.admin.QueueInfo;
import dev.hark.testing.Child;
import dev.hark.testing.Journal;
import dev.hark.testing.Server;
import dev.hark.testing.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A listener dies by SIGKILL in the middle of 10,000 messages, another one is running. */
class KilledListenerTest {

    private static final Duration LEASE = Duration.ofSeconds(2);

    /** One lease and two sweeps, and a second for a busy machine. */
    private static final Duration RECOVERY =
            LEASE.plus(LEASE.dividedBy(3).multipliedBy(2)).plusSeconds(1);

    @RegisterExtension
    static final Server redis = new Server();

    @TempDir
    Path dir;

    @Test
    void whatItHeldIsTakenOverAndNothingElseIsHandledTwice() {
        try (Hark hark = Hark.connect(redis.url());
                Child victim = worker("victim")) {
            victim.awaitLines("ready", 1);
            String session = redis.stranger()
                    .list("ZRANGE", "hark:{mail}:sessions", 0, 0)
                    .get(0)
                    .toString();
            try (Child heir = worker("heir")) {
                heir.awaitLines("ready", 1);
                List<String> published = hark
                        .queue("mail", String.class)
                        .publishAll(IntStream.range(0, 10_000)
                                .mapToObj(String::valueOf)
                                .toList())
                        .stream()
                        .map(Receipt::id)
                        .toList();
                patiently().until(() -> handled("victim").size() >= 2_500);

                victim.kill();
                long killed = System.nanoTime();
                Set<String> inFlight = heldBy(session);
                patiently()
                        .until(() -> redis.stranger()
                                .pending("hark:{mail}:ready", session)
                                .isEmpty());
                Duration recovery = Duration.ofNanos(System.nanoTime() - killed);
                patiently().until(() -> hark.inspector().queue("mail").info().done() == 10_000);

                QueueInfo info = hark.inspector().queue("mail").info();
                assertThat(inFlight).isNotEmpty();
                assertThat(handled("heir").size()).isLessThan(10_000); // it happened in the middle
                assertThat(info.recovered()).isEqualTo(inFlight.size());
                assertThat(recovery).isLessThan(RECOVERY);
                assertThat(Stream.concat(handled("victim").stream(), handled("heir").stream()))
                        .containsAll(published)
                        .hasSizeBetween(10_000, 10_000 + inFlight.size());
                assertThat(inFlight)
                        .containsAll(Journal.duplicates(
                                Stream.concat(handled("victim").stream(), handled("heir").stream())));
                assertThat(info.sessions()).isEqualTo(1);
                assertThat(heir.lines("event Fenced")).isEmpty();
                assertConserved(info);
            }
        }
    }

    /** After some round trips what the dead process had still sent has been executed. */
    private static Set<String> heldBy(String session) {
        IntStream.range(0, 5).forEach(i -> redis.stranger().call("PING"));
        return Set.copyOf(redis.stranger().pending("hark:{mail}:ready", session));
    }

    private List<String> handled(String worker) {
        return Journal.read(dir.resolve(worker));
    }

    private Child worker(String name) {
        return Child.start(
                Worker.class,
                redis.url(),
                "mail",
                String.valueOf(LEASE.toMillis()),
                "30",
                dir.resolve(name).toString(),
                "10000");
    }
}
