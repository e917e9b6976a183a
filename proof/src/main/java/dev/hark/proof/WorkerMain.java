package dev.hark.proof;

import dev.hark.Hark;
import dev.hark.ListenerBuilder;
import dev.hark.Message;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.error.UnavailableException;
import dev.hark.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The main class of a worker. Arguments: url, journal, and those of {@link Setting}. It writes into its journal when a
 * handler begins, and when it ends or throws as planned, each before anything follows from it. It ends at {@code stop}.
 */
final class WorkerMain {

    private static final Duration RETRY_DELAY = Duration.ofMillis(50);
    private static final Duration START_AGAIN = Duration.ofMillis(100);
    private static final Duration ALLOWED = Duration.ofSeconds(1);
    private static final int SISTER_ATTEMPTS = 20;

    private final Journal journal;
    private final Setting setting;
    private final Orders orders =
            new Orders(line -> Ballast.fill(Duration.ofMillis(Long.parseLong(line.substring(5)))));

    private WorkerMain(Path journal, Setting setting) {
        this.journal = new Journal(journal);
        this.setting = setting;
    }

    public static void main(String[] args) throws InterruptedException {
        new WorkerMain(Path.of(args[1]), Setting.read(args, 2)).run(args[0]);
    }

    private void run(String url) throws InterruptedException {
        Witness.start(journal, setting.lease());
        Hark hark = patiently(() -> Hark.builder()
                .url(url)
                .prefix(setting.prefix())
                .lease(setting.lease())
                .observer(this::note)
                .build());
        patiently(() -> listener(hark, List.of(Setting.QUEUE), setting.concurrency(), setting.maxAttempts())
                .start());
        if (setting.sisters() > 0) {
            patiently(() -> listener(hark, setting.sisterQueues(), Setting.FEW, SISTER_ATTEMPTS)
                    .start());
            patiently(() -> listener(hark, List.of(Setting.ENDLESS), Job.CORES, SISTER_ATTEMPTS)
                    .timeout(ALLOWED)
                    .start());
        }
        System.out.println("ready");
        orders.stop().await();
        hark.close();
        System.exit(0);
    }

    private ListenerBuilder listener(Hark hark, List<String> queues, int concurrency, int maxAttempts) {
        ListenerBuilder builder = hark.listener();
        queues.forEach(name -> builder.handleMessage(hark.queue(name, new Job.Bodies()), this::handle));
        return builder.concurrency(concurrency)
                .retry(RetryPolicy.fixed(RETRY_DELAY).maxAttempts(maxAttempts));
    }

    /** Starts something as a supervisor would: again and again, since Redis may be away or loading just now. */
    private static <T> T patiently(Supplier<T> start) throws InterruptedException {
        while (true) {
            try {
                return start.get();
            } catch (UnavailableException e) {
                Thread.sleep(START_AGAIN);
            }
        }
    }

    private Outcome handle(Message<Job> message) throws Exception {
        Job job = message.body();
        if (job.kind() == Job.Kind.HOSTILE) {
            throw new Job.Planned(job);
        }
        boolean first = message.attempt() == 1;
        journal.write("begin", job.id(), message.attempt(), message.id());
        switch (job.kind()) {
            case SLOW -> Thread.sleep(setting.lease().multipliedBy(3).dividedBy(2));
            case HANG -> {
                if (first) {
                    orders.go().await(); // said only to the last workers of a run
                }
            }
            case HOLD -> {
                if (first) {
                    System.out.println("holds");
                    orders.go().await();
                }
            }
            case ENDLESS -> {
                if (first) {
                    journal.write("threw", job.id(), message.attempt(), message.id()); // its listener gives it up
                    System.out.println("computes");
                    job.compute();
                    System.out.println("computed");
                    throw new Job.Planned(job);
                }
            }
            default -> {}
        }
        if (job.kind() == Job.Kind.POISON || (job.kind() == Job.Kind.UNLUCKY && first)) {
            journal.write("threw", job.id(), message.attempt(), message.id());
            if (job.kind() == Job.Kind.POISON) {
                return Outcome.dead("poison");
            }
            throw new Job.Planned(job);
        }
        journal.write("end", job.id(), message.attempt(), message.id());
        return Outcome.done();
    }

    private void note(Event event) {
        switch (event) {
            case Event.Fenced fenced -> journal.write("fenced", fenced.count());
            case Event.SessionLost lost -> journal.write("lapsed", lost.session());
            case Event.Recovered recovered -> journal.write("recovered", recovered.count(), recovered.session());
            case Event.Failed failed when failed.error() instanceof TimeoutException -> journal.write("timedout");
            case Event.Trouble trouble ->
                journal.write("trouble", String.valueOf(trouble.cause()).replaceAll("\\s+", " "));
            default -> {}
        }
    }
}
