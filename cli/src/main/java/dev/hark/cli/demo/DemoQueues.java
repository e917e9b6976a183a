package dev.hark.cli.demo;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.ListenerBuilder;
import dev.hark.MessageHandler;
import dev.hark.MessageQueue;
import dev.hark.Outcome;
import dev.hark.Receipt;
import dev.hark.RetryPolicy;
import dev.hark.admin.Inspector;
import dev.hark.admin.QueueInfo;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The demo's three queues. */
final class DemoQueues {

    private static final int CONCURRENCY = 64;
    private static final Duration RETRY_DELAY = Duration.ofMillis(200);

    private final Hark hark;
    private final MessageQueue<DemoJob.Mail> mail;
    private final MessageQueue<DemoJob.Report> reports;
    private final MessageQueue<DemoJob.Archive> archive;

    DemoQueues(Hark hark) {
        this.hark = hark;
        this.mail = hark.queue("mail", DemoJob.Mail.class);
        this.reports = hark.queue("reports", DemoJob.Report.class);
        this.archive = hark.queue("archive", DemoJob.Archive.class);
    }

    CompletableFuture<Receipt> publish(DemoJob job) {
        return switch (job) {
            case DemoJob.Mail body -> mail.publishAsync(body);
            case DemoJob.Report body -> reports.publishAsync(body);
            case DemoJob.Archive body -> archive.publishAsync(body);
        };
    }

    /** Handles all three; poison fails for good at its first attempt, all else is tried again soon. */
    Listener listen(DemoTally tally) {
        ListenerBuilder builder = hark.listener();
        builder.handleMessage(mail, handler(tally));
        builder.handleMessage(reports, handler(tally));
        builder.handleMessage(archive, handler(tally));
        return builder.concurrency(CONCURRENCY)
                .retry(RetryPolicy.fixed(RETRY_DELAY).on(Poison.class, RetryPolicy.none()))
                .start();
    }

    private static <J extends DemoJob> MessageHandler<J> handler(DemoTally tally) {
        return message -> {
            J job = message.body();
            if (job instanceof DemoJob.Report report) {
                Thread.sleep(report.pages());
            }
            if (job.isPoison()) {
                tally.poisoned(message.queue(), message.id(), job.n());
                throw new Poison("message " + job.n() + " is poison, and fails whatever is tried");
            }
            if (job.isUnlucky() && message.attempt() == 1) {
                throw new IllegalStateException("message " + job.n() + " fails the first time");
            }
            tally.handled(job.n());
            return Outcome.done();
        };
    }

    Inspector inspector() {
        return hark.inspector();
    }

    List<QueueInfo> infos() {
        return names().stream().map(name -> hark.inspector().queue(name).info()).toList();
    }

    /** Removes what a demo left that was killed; refuses to disturb one that runs. */
    void removeLeftovers() {
        if (infos().stream().anyMatch(queue -> queue.sessions() > 0)) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "another hark demo is at work on that Redis (keys hark-demo:*); wait for its end, or try again in"
                            + " a minute if it was killed");
        }
        remove();
    }

    void remove() {
        names().forEach(name -> hark.inspector().queue(name).delete());
    }

    private List<String> names() {
        return List.of(mail.name(), reports.name(), archive.name());
    }

    /** What never succeeds. */
    static final class Poison extends Exception {
        private static final long serialVersionUID = 1L;

        Poison(String message) {
            super(message);
        }
    }
}
