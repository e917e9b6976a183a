package dev.hark.faults;

import static dev.hark.faults.Patience.assertConserved;
import static dev.hark.faults.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.admin.QueueInfo;
import dev.hark.testing.Child;
import dev.hark.testing.Journal;
import dev.hark.testing.Server;
import dev.hark.testing.Worker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ten listeners are started and stopped by SIGTERM in turn while 100,000 messages flow, as in a rolling deployment. */
class RollingRestartTest {

    private static final int LISTENERS = 10;
    /** As many, or more where the listeners take longer to start. */
    private static final int MESSAGES = 100_000;

    /** About so many messages wait until the last listener has started: nobody before it is stopped when idle. */
    private static final int BACKLOG = 2_000;

    /** What the JVM exits with after SIGTERM. */
    private static final int TERMINATED = 143;

    @RegisterExtension
    static final Server redis = new Server();

    @TempDir
    Path dir;

    private final List<Child> workers = new ArrayList<>();

    @AfterEach
    void close() {
        workers.forEach(Child::close);
    }

    @Test
    void noMessageIsHandledTwiceAndNoneIsLost() throws InterruptedException {
        try (Hark hark = Hark.connect(redis.url())) {
            Set<String> published = ConcurrentHashMap.newKeySet();
            AtomicBoolean enough = new AtomicBoolean();
            Thread flow = Thread.ofPlatform().start(() -> publish(hark, published, enough));
            Child before = null;
            for (int turn = 0; turn < LISTENERS; turn++) {
                Child next = worker(turn);
                int present = turn;
                patiently().until(() -> handled(present).size() >= 500);
                if (before != null) {
                    assertThat(flow.isAlive()).isTrue();
                    stop(before, hark);
                }
                before = next;
            }
            enough.set(true);
            flow.join();
            patiently().until(() -> hark.inspector().queue("mail").info().done() == published.size());
            stop(before, hark);

            List<String> handled = IntStream.range(0, LISTENERS)
                    .mapToObj(this::handled)
                    .flatMap(List::stream)
                    .toList();
            assertThat(published).hasSizeGreaterThanOrEqualTo(MESSAGES);
            assertThat(Journal.duplicates(handled.stream())).isEmpty();
            assertThat(Set.copyOf(handled)).isEqualTo(published);
            QueueInfo info = hark.inspector().queue("mail").info();
            assertThat(info.recovered()).isZero();
            assertThat(info.refused()).isZero();
            assertThat(info.sessions()).isZero();
            assertConserved(info);
        }
    }

    private static void publish(Hark hark, Set<String> published, AtomicBoolean enough) {
        MessageQueue<String> mail = hark.queue("mail", String.class);
        List<String> some = Collections.nCopies(500, "a body");
        while (!enough.get() || published.size() < MESSAGES) {
            patiently().until(() -> hark.inspector().queue("mail").info().waiting() < BACKLOG);
            mail.publishAll(some).forEach(receipt -> published.add(receipt.id()));
        }
    }

    /** Stops it while messages flow; it settles and gives back what it holds, and leaves nothing behind. */
    private static void stop(Child worker, Hark hark) {
        worker.terminate();
        assertThat(worker.awaitExit()).isEqualTo(TERMINATED);
        assertThat(worker.lines("event ")).isEmpty();
        assertThat(hark.inspector().queue("mail").info().sessions()).isLessThanOrEqualTo(1);
    }

    private List<String> handled(int turn) {
        return Journal.read(dir.resolve("worker" + turn));
    }

    private Child worker(int turn) {
        Child worker = Child.start(
                Worker.class,
                redis.url(),
                "mail",
                "10000",
                "30",
                dir.resolve("worker" + turn).toString(),
                "4000");
        workers.add(worker);
        return worker;
    }
}
