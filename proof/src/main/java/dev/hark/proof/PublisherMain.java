package dev.hark.proof;

import dev.hark.Durability;
import dev.hark.Hark;
import dev.hark.MessageQueue;
import dev.hark.Publish;
import dev.hark.PublishOptions;
import dev.hark.Receipt;
import dev.hark.error.HarkException;
import dev.hark.error.NotPublishedException;
import dev.hark.event.Event;
import dev.hark.proof.Journal.Line;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The main class of a publisher. Arguments: url, journal, those of {@link Setting}, then those of {@link Load}. It writes
 * into its journal what it is going to publish before it does, and what became of it afterwards.
 */
final class PublisherMain {

    private final Journal journal;
    private final Load load;
    private final Random random;
    private final BlockingQueue<Job.Kind> wanted = new LinkedBlockingQueue<>();
    private final Orders orders = new Orders(this::heed);
    private long made;
    private long extra; // owned by whoever does what is wanted

    private PublisherMain(Path journal, Load load) {
        this.journal = new Journal(journal);
        this.load = load;
        random = new Random(load.seed());
    }

    public static void main(String[] args) throws InterruptedException {
        new PublisherMain(Path.of(args[1]), Load.read(args, 2 + Setting.WORDS)).run(args[0], Setting.read(args, 2));
    }

    private void run(String url, Setting setting) throws InterruptedException {
        try (Hark hark = Hark.builder()
                .url(url)
                .prefix(setting.prefix())
                .observer(this::note)
                .build()) {
            Witness.start(journal, setting.lease());
            List<MessageQueue<Job>> queues = open(hark, List.of(Setting.QUEUE));
            queues.addAll(open(hark, setting.sisterQueues()));
            Thread.ofPlatform().daemon().name("wanted").start(() -> doWanted(hark, setting));
            System.out.println("ready");
            long start = System.nanoTime();
            boolean told = false;
            while (made < (told ? load.least() : load.most())) {
                publish(queues);
                long due = start + TimeUnit.SECONDS.toNanos(made) / load.perSecond();
                Duration early = Duration.ofNanos(Math.max(0, due - System.nanoTime()));
                told |= orders.stop().await(early.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        System.out.println("published");
        System.exit(0);
    }

    private static List<MessageQueue<Job>> open(Hark hark, List<String> names) {
        List<MessageQueue<Job>> queues = new ArrayList<>();
        names.forEach(name -> queues.add(hark.queue(name, new Job.Bodies())));
        return queues;
    }

    /** Told what else to publish. Endless computations go on here as well, on as many virtual threads as there are processors. */
    private void heed(String line) {
        Job.Kind kind = Job.Kind.of(line);
        wanted.add(kind);
        if (kind == Job.Kind.ENDLESS) {
            Job job = new Job("", kind, 0, "");
            for (int i = 0; i < Job.CORES; i++) {
                Thread.ofVirtual().start(job::compute);
            }
        }
    }

    private void doWanted(Hark hark, Setting setting) {
        try {
            while (true) {
                Job.Kind kind = wanted.take();
                List<CompletableFuture<Line>> answers = new ArrayList<>();
                if (kind == Job.Kind.ENDLESS) {
                    MessageQueue<Job> queue =
                            open(hark, List.of(Setting.ENDLESS)).get(0);
                    for (int i = 0; i < Job.CORES; i++) {
                        answers.add(extra(queue, kind, PublishOptions.NONE));
                    }
                } else {
                    PublishOptions wish = Publish.durability(Durability.replicated(1));
                    for (MessageQueue<Job> queue : open(hark, setting.sisterQueues())) {
                        answers.add(extra(queue, kind, wish));
                    }
                }
                journal.write(answers.stream().map(CompletableFuture::join).toList());
                System.out.println("answered " + kind.word());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Line> extra(MessageQueue<Job> queue, Job.Kind kind, PublishOptions options) {
        Job job = new Job(load.name() + "-extra" + extra++, kind, 0, "");
        journal.write(List.of(sending(job, queue)));
        return queue.publishAsync(job, options).handle((receipt, failure) -> answer(job, receipt, failure));
    }

    private static Line sending(Job job, MessageQueue<Job> queue) {
        return Line.now("sending", job.id(), job.kind().word(), job.delay(), queue.name());
    }

    private void publish(List<MessageQueue<Job>> queues) {
        List<Job> jobs = new ArrayList<>();
        List<MessageQueue<Job>> to = new ArrayList<>();
        for (int i = 0; i < load.chunk(); i++) {
            Job job = load.job(made, random);
            boolean sister = queues.size() > 1 && job.kind() == Job.Kind.PLAIN && made % load.sisterEvery() == 0;
            to.add(queues.get(sister ? 1 + (int) (made / load.sisterEvery() % (queues.size() - 1)) : 0));
            jobs.add(job);
            made++;
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            lines.add(sending(jobs.get(i), to.get(i)));
        }
        journal.write(lines);
        List<CompletableFuture<Line>> answers = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            Job job = jobs.get(i);
            PublishOptions options =
                    job.delay() == 0 ? PublishOptions.NONE : Publish.after(Duration.ofMillis(job.delay()));
            answers.add(
                    to.get(i).publishAsync(job, options).handle((receipt, failure) -> answer(job, receipt, failure)));
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
