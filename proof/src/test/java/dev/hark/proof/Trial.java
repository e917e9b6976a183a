package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.PublishOptions;
import dev.hark.Receipt;
import dev.hark.admin.Finding;
import dev.hark.admin.Role;
import dev.hark.devserver.DevServer;
import dev.hark.devserver.Proxy;
import dev.hark.error.UnavailableException;
import dev.hark.proof.Journal.Line;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.core.ConditionFactory;

/** A queue of its own, and a way to Redis through a proxy beside a direct one. */
final class Trial implements AutoCloseable {

    static final int LIMIT = 100;

    private static final Duration LEASE = Duration.ofMillis(500);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final AtomicInteger TRIALS = new AtomicInteger();

    /** What is cut. */
    enum Side {
        REQUEST,
        REPLY
    }

    private final DevServer server;
    private final Map<String, String> marks; // what requests contain, by script
    private final Side side;
    private final int after;
    final String prefix = String.format(Locale.ROOT, "trial%05d", TRIALS.incrementAndGet());
    private final Proxy proxy;
    final Hark hark;
    final Hark direct;
    private final History history = new History(); // guarded by itself
    Proxy.Cut cut;
    private int published;

    Trial(DevServer server, Map<String, String> marks, Side side, int after) {
        this.server = server;
        this.marks = marks;
        this.side = side;
        this.after = after;
        proxy = new Proxy(server.port());
        try (Admin admin = admin()) {
            Login.makeUser(admin, Role.ADMIN, prefix, server.version());
        }
        hark = connect(proxy.url(), CLOSING);
        direct = connect(server.url(), CLOSING);
    }

    /** For what no user of Hark does. */
    Admin admin() {
        return new Admin(URI.create(server.url()));
    }

    /** Another way through the proxy. */
    Hark connect(Duration closing) {
        return connect(proxy.url(), closing);
    }

    private Hark connect(String url, Duration closing) {
        return Hark.builder()
                .url(Login.byRole(url, prefix).as(Role.ADMIN).toString())
                .prefix(prefix)
                .lease(LEASE)
                .closeTimeout(closing)
                .observer(event -> {})
                .build();
    }

    void arm(String script) {
        armWith(marks.get(script));
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

    /** Handles nothing to the end: until it is interrupted. */
    void listenInVain(Hark by) {
        by.listener()
                .handleMessage(by.queue("proof", new Job.Bodies()), message -> {
                    note(Line.now("begin", message.body().id(), message.attempt(), message.id()));
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        note(Line.now("threw", message.body().id(), message.attempt(), message.id()));
                    }
                    return Outcome.done();
                })
                .start();
    }

    /** Publishes one that is a dead letter when this returns, and that nobody has handled; returns its id. */
    String publishDead() {
        Listener burying = direct.listener()
                .handleMessage(direct.queue("proof", new Job.Bodies()), message -> Outcome.dead("to be tried again"))
                .start();
        publish(direct, PublishOptions.NONE);
        patiently().until(() -> direct.inspector().queue("proof").info().dead() == 1);
        burying.close();
        return direct.inspector().queue("proof").dead().list(1).get(0).id();
    }

    /** Publishes one that is handled and settled when this returns. */
    void publishAndHandle() {
        Listener listener = listen(direct, "proof");
        publish(direct, PublishOptions.NONE);
        patiently().until(() -> direct.inspector().queue("proof").info().done() == 1);
        listener.close();
    }

    /** Publishes one whose entry is then deleted by somebody. */
    void publishMissing() {
        publish(direct, PublishOptions.NONE);
        try (Admin admin = admin()) {
            admin.call("XTRIM", prefix + ":{proof}:ready", "MAXLEN", "0");
        }
    }

    /** What is found of messages that are nowhere. */
    List<Finding> missing(Hark by) {
        return by.inspector().diagnose().findings().stream()
                .filter(finding -> finding.id().equals("sum"))
                .toList();
    }

    void limit(Hark by) {
        by.queue("proof", String.class, settings -> settings.maxLength(LIMIT));
    }

    /** Does it again, as a person would, where it is unknown whether it happened. */
    void untilItAnswers(Runnable command) {
        answerOf(() -> {
            command.run();
            return true;
        });
    }

    /** The same for what is asked. */
    <T> T answerOf(Supplier<T> question) {
        try {
            return question.get();
        } catch (UnavailableException e) {
            return question.get();
        }
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    void awaitCut() throws InterruptedException {
        assertThat(cut.happened().await(30, TimeUnit.SECONDS)).isTrue();
    }

    private void note(Line line) {
        synchronized (history) {
            history.add("trial", line);
        }
    }

    void awaitDone() throws InterruptedException {
        patiently().until(() -> direct.inspector().queue("proof").info().done() >= published);
    }

    Verdict verdict() {
        hark.close();
        synchronized (history) {
            return Checker.check(history, direct.inspector().queue("proof").info(), List.of());
        }
    }

    @Override
    public void close() {
        hark.close();
        direct.close();
        proxy.close();
    }
}
