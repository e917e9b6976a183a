package dev.hark.proof;

import dev.hark.Event;
import dev.hark.Hark;
import dev.hark.HarkException;
import dev.hark.MessageQueue;
import dev.hark.NotPublishedException;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.Receipt;
import dev.hark.proof.Journal.Line;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The main class of a publisher. Arguments: url, journal, those of {@link Setting}, then those of {@link Load}. It writes
 * into its journal what it is going to publish before it does, and what became of it afterwards.
 */
final class PublisherMain {

    private final Journal journal;
    private final Load load;
    private final Random random;
    private final Orders orders = new Orders();
    private long made;

    private PublisherMain(Path journal, Load load) {
        this.journal = new Journal(journal);
        this.load = load;
        random = new Random(load.seed());
    }

    public static void main(String[] args) throws InterruptedException {
        new PublisherMain(Path.of(args[1]), Load.read(args, 6)).run(args[0], Setting.read(args, 2));
    }

    private void run(String url, Setting setting) throws InterruptedException {
        try (Hark hark = Hark.builder()
                .url(url)
                .prefix(setting.prefix())
                .observer(this::note)
                .build()) {
            MessageQueue<Job> queue = hark.queue(Setting.QUEUE, new Job.Bodies());
            System.out.println("ready");
            long start = System.nanoTime();
            boolean told = false;
            while (made < (told ? load.least() : load.most())) {
                publish(queue);
                long due = start + TimeUnit.SECONDS.toNanos(made) / load.perSecond();
                Duration early = Duration.ofNanos(Math.max(0, due - System.nanoTime()));
                told |= orders.stop().await(early.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        System.out.println("published");
        System.exit(0);
    }

    private void publish(MessageQueue<Job> queue) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < load.chunk(); i++) {
            jobs.add(load.job(made++, random));
        }
        journal.write(jobs.stream()
                .map(job -> Line.now("sending", job.id(), job.kind().word(), job.delay()))
                .toList());
        List<CompletableFuture<Line>> answers = new ArrayList<>();
        for (Job job : jobs) {
            PublishOptions options =
                    job.delay() == 0 ? PublishOptions.NONE : Publish.after(Duration.ofMillis(job.delay()));
            answers.add(queue.publishAsync(job, options).handle((receipt, failure) -> answer(job, receipt, failure)));
        }
        journal.write(answers.stream().map(CompletableFuture::join).toList());
    }

    private static Line answer(Job job, Receipt receipt, Throwable failure) {
        if (failure == null) {
            return Line.now("acknowledged", job.id(), receipt.id());
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof HarkException)) {
            throw new IllegalStateException("publishing failed in a way that is not promised", cause);
        }
        return Line.now(cause instanceof NotPublishedException ? "refused" : "unknown", job.id());
    }

    private void note(Event event) {
        switch (event) {
            case Event.RolledBack rolled -> journal.write("rolledback", rolled.lastAcknowledged(), rolled.lastKept());
            case Event.SenderCloned cloned -> journal.write("cloned", cloned.sender());
            default -> {}
        }
    }
}
