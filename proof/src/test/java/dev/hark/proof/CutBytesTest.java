package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.QueueInfo;
import dev.hark.Receipt;
import dev.hark.UnavailableException;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.Proxy;
import dev.hark.proof.Journal.Line;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connection is cut within one exchange of each kind: after each byte of its request and of its reply in the full
 * size, after some of them in the short one. Nothing is lost, and nothing is there or handled twice.
 */
class CutBytesTest {

    private static final Duration LEASE = Duration.ofMillis(500);
    private static final int SAMPLES = 2;
    private static final int AT_ONCE = 12;

    private static DevServer server;
    private static final ConcurrentHashMap<String, String> MARKS = new ConcurrentHashMap<>(); // SHA-1 by script
    private static final AtomicInteger LANES = new AtomicInteger();

    /** What is said to Redis. */
    enum Exchange {
        PUBLISH {
            @Override
            void run(Lane lane) throws Exception {
                lane.arm("publish");
                lane.publish(lane.hark, PublishOptions.NONE);
                lane.listen(lane.direct, "proof");
                lane.awaitDone();
            }
        },
        PUBLISH_LATER {
            @Override
            void run(Lane lane) throws Exception {
                lane.arm("publish");
                lane.publish(lane.hark, Publish.after(Duration.ofMillis(1)));
                lane.listen(lane.direct, "proof");
                lane.awaitDone();
            }
        },
        PUBLISH_LIMITED {
            @Override
            void run(Lane lane) throws Exception {
                lane.limit(lane.direct);
                lane.arm("publish");
                lane.publish(lane.hark, PublishOptions.NONE);
                lane.listen(lane.direct, "proof");
                lane.awaitDone();
            }
        },
        CONFIGURE {
            @Override
            void run(Lane lane) throws Exception {
                lane.arm("configure");
                lane.untilItAnswers(() -> lane.limit(lane.hark));
                assertThat(lane.direct.inspector().settings("proof").maxLength())
                        .isEqualTo(Lane.LIMIT);
                lane.publish(lane.direct, PublishOptions.NONE);
                lane.listen(lane.direct, "proof");
                lane.awaitDone();
            }
        },
        OPEN {
            @Override
            void run(Lane lane) throws Exception {
                lane.arm("open");
                try {
                    lane.listen(lane.hark, "proof");
                } catch (UnavailableException e) {
                    lane.listen(lane.hark, "proof");
                }
                lane.publish(lane.direct, PublishOptions.NONE);
                lane.awaitDone();
            }
        },
        READ {
            @Override
            void run(Lane lane) throws Exception {
                lane.listen(lane.hark, "proof");
                lane.armWith("XREADGROUP");
                lane.publish(lane.direct, PublishOptions.NONE);
                lane.publish(lane.direct, PublishOptions.NONE);
                lane.awaitDone();
            }
        },
        CLAIM {
            @Override
            void run(Lane lane) throws Exception {
                lane.listen(lane.hark, "proof", "other");
                lane.arm("claim");
                lane.publishAtOnce(lane.direct, 5); // a read brings the first, and the script more
                lane.awaitDone();
            }
        },
        SETTLE {
            @Override
            void run(Lane lane) throws Exception {
                lane.listen(lane.hark, "proof");
                lane.arm("settle");
                lane.publish(lane.direct, PublishOptions.NONE);
                lane.awaitDone();
            }
        },
        SETTLE_RETRY {
            @Override
            void run(Lane lane) throws Exception {
                lane.listenUnlucky(lane.hark);
                lane.arm("settle");
                lane.publish(lane.direct, PublishOptions.NONE);
                lane.awaitDone();
            }
        },
        REVIVE {
            @Override
            void run(Lane lane) throws Exception {
                lane.publishDead();
                lane.arm("revive");
                lane.untilItAnswers(() -> lane.hark.inspector().retryAllDead("proof"));
                lane.listen(lane.direct, "proof");
                lane.awaitDone();
            }
        },
        DISCARD {
            @Override
            void run(Lane lane) throws Exception {
                lane.publishDead();
                lane.arm("discard");
                lane.untilItAnswers(() -> lane.hark.inspector().deleteAllDead("proof"));
                assertThat(lane.cut.happened().await(30, TimeUnit.SECONDS)).isTrue();
            }

            @Override
            List<String> problems(Lane lane) {
                QueueInfo info = lane.direct.inspector().queue("proof");
                return info.dead() == 0 && info.deleted() == 1 && info.published() == 1
                        ? List.of()
                        : List.of("not discarded once: " + info);
            }
        },
        SWEEP {
            @Override
            void run(Lane lane) throws Exception {
                lane.listen(lane.hark, "proof");
                lane.arm("sweep");
                lane.publish(lane.direct, PublishOptions.NONE);
                lane.awaitDone();
            }
        },
        PROMOTE {
            @Override
            void run(Lane lane) throws Exception {
                lane.listen(lane.hark, "proof");
                lane.arm("promote");
                lane.publish(lane.direct, Publish.after(Duration.ofMillis(1)));
                lane.awaitDone();
            }
        },
        TAKEOVER {
            @Override
            void run(Lane lane) throws Exception {
                lane.publish(lane.direct, PublishOptions.NONE);
                String ready = lane.prefix + ":{proof}:ready";
                try (Admin admin = new Admin(URI.create(server.url()))) {
                    admin.call("XGROUP", "CREATE", ready, "hark", "0");
                    admin.call("XREADGROUP", "GROUP", "hark", "a-ghost", "STREAMS", ready, ">");
                }
                lane.arm("takeover");
                lane.listen(lane.hark, "proof");
                lane.awaitDone();
            }
        };

        abstract void run(Lane lane) throws Exception;

        List<String> problems(Lane lane) {
            return lane.verdict().problems();
        }
    }

    enum Side {
        REQUEST,
        REPLY
    }

    @BeforeAll
    static void start() throws Exception {
        server = DevServer.start();
        try (Admin admin = new Admin(URI.create(server.url()))) {
            for (String script : List.of(
                    "publish",
                    "configure",
                    "open",
                    "claim",
                    "settle",
                    "revive",
                    "discard",
                    "sweep",
                    "promote",
                    "takeover")) {
                String source = source("common") + "\n" + source(script);
                MARKS.put(script, Admin.text(admin.call("SCRIPT", "LOAD", source)));
            }
        }
    }

    private static String source(String script) throws Exception {
        try (InputStream in =
                Hark.class.getClassLoader().getResourceAsStream("dev/hark/internal/redis/" + script + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostOrDoubled(Exchange exchange) throws Exception {
        long seed = Size.seed();
        Random random = new Random(seed);
        int cuts = 0;
        for (Side side : Side.values()) {
            int length = cut(exchange, side, 0);
            List<Integer> after = new ArrayList<>(List.of(length));
            if (Size.full()) {
                for (int i = 1; i < length; i++) {
                    after.add(i);
                }
            } else {
                random.ints(SAMPLES, 1, length).forEach(after::add);
            }
            try (ExecutorService lanes = Executors.newFixedThreadPool(AT_ONCE)) {
                List<Future<Integer>> all = new ArrayList<>();
                after.forEach(bytes -> all.add(lanes.submit(() -> cut(exchange, side, bytes))));
                for (Future<Integer> one : all) {
                    one.get();
                }
            }
            cuts += after.size() + 1;
        }
        System.out.println("seed " + seed + ": " + exchange + " cut " + cuts + " times");
    }

    /** Returns how many bytes the request or the reply had. */
    private static int cut(Exchange exchange, Side side, int after) throws Exception {
        try (Lane lane = new Lane(side, after)) {
            exchange.run(lane);
            assertThat(exchange.problems(lane))
                    .as("%s, cut after %d bytes of the %s", exchange, after, side)
                    .isEmpty();
            return lane.cut.length();
        }
    }

    /** A queue of its own, and a way to Redis through a proxy beside a direct one. */
    static final class Lane implements AutoCloseable {

        private static final int LIMIT = 100;

        private final Side side;
        private final int after;
        private final String prefix = String.format(Locale.ROOT, "lane%05d", LANES.incrementAndGet());
        private final Proxy proxy = new Proxy(server.port());
        private final Hark hark = connect(proxy.url());
        private final Hark direct = connect(server.url());
        private final History history = new History(); // guarded by itself
        private Proxy.Cut cut;
        private int published;

        Lane(Side side, int after) {
            this.side = side;
            this.after = after;
        }

        private Hark connect(String url) {
            return Hark.builder()
                    .url(url)
                    .prefix(prefix)
                    .lease(LEASE)
                    .closeTimeout(Duration.ofSeconds(5))
                    .observer(event -> {})
                    .build();
        }

        void arm(String script) {
            armWith(MARKS.get(script));
        }

        void armWith(String mark) {
            cut = side == Side.REQUEST ? proxy.cutRequest(mark, after) : proxy.cutReplyTo(mark, after);
        }

        void publish(Hark by, PublishOptions options) {
            MessageQueue<Job> queue = by.queue("proof", new Job.Bodies());
            Job job = new Job("p-" + published++, Job.Kind.PLAIN, 0, "");
            note(Line.now("sending", job.id(), "plain", 0));
            Receipt receipt = queue.publish(job, options);
            note(Line.now("acknowledged", job.id(), receipt.id()));
        }

        void publishAtOnce(Hark by, int messages) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                jobs.add(new Job("p-" + published++, Job.Kind.PLAIN, 0, ""));
            }
            jobs.forEach(job -> note(Line.now("sending", job.id(), "plain", 0)));
            List<Receipt> receipts = by.queue("proof", new Job.Bodies()).publishAll(jobs);
            for (int i = 0; i < messages; i++) {
                note(Line.now("acknowledged", jobs.get(i).id(), receipts.get(i).id()));
            }
        }

        Listener listen(Hark by, String... queues) {
            var builder = by.listener();
            for (String queue : queues) {
                builder.handleMessage(by.queue(queue, new Job.Bodies()), message -> {
                    note(Line.now("begin", message.body().id(), message.attempt(), message.id()));
                    note(Line.now("end", message.body().id(), message.attempt(), message.id()));
                    return Outcome.done();
                });
            }
            return builder.concurrency(2).start();
        }

        /** Fails the first attempt, and then does as the others. */
        void listenUnlucky(Hark by) {
            by.listener()
                    .handleMessage(by.queue("proof", new Job.Bodies()), message -> {
                        note(Line.now("begin", message.body().id(), message.attempt(), message.id()));
                        if (message.attempt() == 1) {
                            note(Line.now("threw", message.body().id(), message.attempt(), message.id()));
                            return Outcome.retry(Duration.ofMillis(1));
                        }
                        note(Line.now("end", message.body().id(), message.attempt(), message.id()));
                        return Outcome.done();
                    })
                    .concurrency(2)
                    .start();
        }

        /** Publishes one that is a dead letter when this returns, and that nobody has handled. */
        void publishDead() {
            Listener burying = direct.listener()
                    .handleMessage(
                            direct.queue("proof", new Job.Bodies()), message -> Outcome.dead("to be tried again"))
                    .start();
            publish(direct, PublishOptions.NONE);
            await().until(() -> direct.inspector().queue("proof").dead() == 1);
            burying.close();
        }

        void limit(Hark by) {
            by.queue("proof", String.class, settings -> settings.maxLength(LIMIT));
        }

        /** Does it again, as a person would, where it is unknown whether it happened. */
        void untilItAnswers(Runnable command) {
            try {
                command.run();
            } catch (UnavailableException e) {
                command.run();
            }
        }

        private void note(Line line) {
            synchronized (history) {
                history.add("lane", line);
            }
        }

        void awaitDone() throws InterruptedException {
            assertThat(cut.happened().await(30, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> direct.inspector().queue("proof").done() >= published);
        }

        Verdict verdict() {
            hark.close();
            synchronized (history) {
                return Checker.check(history, direct.inspector().queue("proof"), List.of());
            }
        }

        @Override
        public void close() {
            hark.close();
            direct.close();
            proxy.close();
        }
    }
}
