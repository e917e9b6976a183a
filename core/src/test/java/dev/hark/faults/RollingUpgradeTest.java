package dev.hark.faults;

import static dev.hark.faults.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Receipt;
import dev.hark.error.NewerLayoutException;
import dev.hark.testing.Child;
import dev.hark.testing.Feeder;
import dev.hark.testing.Journal;
import dev.hark.testing.NextRelease;
import dev.hark.testing.Server;
import dev.hark.testing.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Workers of the next release, which raises the layout, join those of this one, which then drain and end. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RollingUpgradeTest {

    private static final String STATS = "hark:{mail}:stats";
    private static final String SESSIONS = "hark:{mail}:sessions";

    /** So many messages wait while publishers of this release may publish: nobody is idle when the next joins. */
    private static final int BACKLOG = 2_000;

    private static final int BY_NEXT = 5_000;

    /** What the JVM exits with after SIGTERM. */
    private static final int TERMINATED = 143;

    @RegisterExtension
    static final Server redis = new Server();

    @TempDir
    Path dir;

    private final List<Child> children = new ArrayList<>();
    private Path next;

    @BeforeEach
    void prepare() throws IOException {
        redis.stranger().call("FLUSHALL");
        next = NextRelease.in(Files.createDirectory(dir.resolve("next")));
    }

    @AfterEach
    void close() {
        children.forEach(Child::close);
    }

    @Test
    void underLoadNothingIsLostAndNothingIsHandledTwice() throws InterruptedException {
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicInteger refused = new AtomicInteger();
        try (Hark hark = Hark.connect(redis.url());
                Hark another = Hark.connect(redis.url())) {
            List<Thread> publishing = Stream.of(hark, another)
                    .map(one -> Thread.ofPlatform().start(() -> publishUntilRefused(one, accepted, refused)))
                    .toList();
            List<Child> old = List.of(worker(false, "old1", "4000"), worker(false, "old2", "4000"));
            patiently()
                    .until(() ->
                            handled("old1").size() >= 500 && handled("old2").size() >= 500);

            List<Child> young = List.of(worker(true, "new1", "4000"), worker(true, "new2", "4000"));
            for (Thread publisher : publishing) {
                publisher.join();
            }
            Child feeder = child(Child.start(next, Feeder.class, redis.url(), "mail", String.valueOf(BY_NEXT)));
            for (Child one : old) {
                one.awaitLines("event Trouble", 1);
                one.terminate();
                assertThat(one.awaitExit()).isEqualTo(TERMINATED);
                assertThat(one.lines("event ")).hasSize(1).first().asString().contains("layout " + NextRelease.LAYOUT);
            }
            assertThat(feeder.awaitExit()).isZero();
            feeder.awaitLines("published ", BY_NEXT)
                    .forEach(line -> accepted.add(line.substring("published ".length())));
            patiently().until(() -> figure("done") == accepted.size());
            for (Child one : young) {
                one.terminate();
                assertThat(one.awaitExit()).isEqualTo(TERMINATED);
                assertThat(one.lines("event ")).isEmpty();
            }
        }

        assertThat(refused).hasPositiveValue();
        List<String> handled = Stream.of("old1", "old2", "new1", "new2")
                .flatMap(one -> handled(one).stream())
                .toList();
        assertThat(Journal.duplicates(handled.stream())).isEmpty();
        assertThat(new HashSet<>(handled)).isEqualTo(accepted);
        assertThat(handled("new1")).isNotEmpty();
        assertThat(handled("new2")).isNotEmpty();
        assertThat(figure("published")).isEqualTo(accepted.size());
        assertThat(figure("recovered")).isZero();
        assertThat(figure("refused")).isZero();
        assertThat(redis.stranger().number("ZCARD", SESSIONS)).isZero();
    }

    private static void publishUntilRefused(Hark hark, Set<String> accepted, AtomicInteger refused) {
        MessageQueue<String> mail = hark.queue("mail", String.class);
        while (refused.get() == 0) {
            patiently().until(() -> redis.stranger().number("XLEN", "hark:{mail}:ready") < BACKLOG);
            List<CompletableFuture<Receipt>> underWay = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                underWay.add(mail.publishAsync("a body"));
            }
            for (CompletableFuture<Receipt> receipt : underWay) {
                try {
                    accepted.add(receipt.get().id());
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(NewerLayoutException.class);
                    refused.incrementAndGet();
                } catch (InterruptedException e) {
                    fail(e);
                }
            }
        }
    }

    /** While it ends, nobody takes it over, however long that takes. */
    @Test
    void aHandlerThatRunsThroughTheUpgradeFinishesItsMessage() {
        Child old = worker(false, "old", "hold");
        child(Child.start(Feeder.class, redis.url(), "mail", "1"));
        String id = old.awaitLines("took ", 1).get(0).substring("took ".length());
        String session = redis.stranger().list("ZRANGE", SESSIONS, 0, 0).get(0).toString();

        worker(true, "new", "0");
        old.awaitLines("event Trouble", 1);
        double raised = lease(session);
        patiently().until(() -> lease(session) > raised + 2.5 * LEASE_MILLIS);
        old.say("go");
        patiently().until(() -> figure("done") == 1);

        old.terminate();
        assertThat(old.awaitExit()).isEqualTo(TERMINATED);
        assertThat(old.lines("event ")).hasSize(1);
        assertThat(handled("old")).containsExactly(id);
        assertThat(handled("new")).isEmpty();
        assertThat(figure("recovered")).isZero();
        assertThat(figure("refused")).isZero();
    }

    private static final int LEASE_MILLIS = 3_000;

    private static double lease(String session) {
        return Double.parseDouble(redis.stranger().text("ZSCORE", SESSIONS, session));
    }

    private static long figure(String name) {
        Object value = redis.stranger().call("HGET", STATS, name);
        return value == null ? 0 : Long.parseLong(value.toString());
    }

    private List<String> handled(String worker) {
        return Journal.read(dir.resolve(worker));
    }

    private Child worker(boolean ofNext, String name, String work) {
        String[] args = {
            redis.url(),
            "mail",
            String.valueOf(LEASE_MILLIS),
            "10",
            dir.resolve(name).toString(),
            work
        };
        Child worker = child(ofNext ? Child.start(next, Worker.class, args) : Child.start(Worker.class, args));
        worker.awaitLines("ready", 1);
        return worker;
    }

    private Child child(Child child) {
        children.add(child);
        return child;
    }
}
