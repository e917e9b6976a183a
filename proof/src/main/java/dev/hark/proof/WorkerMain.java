package dev.hark.proof;

import dev.hark.Event;
import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.Message;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.UnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The main class of a worker. Arguments: url, journal, and those of {@link Setting}. It writes into its journal when a
 * handler begins, and when it ends or throws as planned, each before anything follows from it. It ends at {@code stop}.
 */
final class WorkerMain {

    private static final Duration RETRY_DELAY = Duration.ofMillis(50);
    private static final Duration START_AGAIN = Duration.ofMillis(100);
    private static final Duration TICK = Duration.ofMillis(20);

    private final Journal journal;
    private final Setting setting;
    private final Orders orders = new Orders();

    private WorkerMain(Path journal, Setting setting) {
        this.journal = new Journal(journal);
        this.setting = setting;
    }

    public static void main(String[] args) throws InterruptedException {
        new WorkerMain(Path.of(args[1]), Setting.read(args, 2)).run(args[0]);
    }

    private void run(String url) throws InterruptedException {
        Thread.ofPlatform().daemon().name("witness").start(this::witness);
        Hark hark = patiently(() -> Hark.builder()
                .url(url)
                .prefix(setting.prefix())
                .lease(setting.lease())
                .observer(this::note)
                .build());
        Listener listener = patiently(() -> hark.listener()
                .handleMessage(hark.queue(Setting.QUEUE, new Job.Bodies()), this::handle)
                .concurrency(setting.concurrency())
                .retry(RetryPolicy.fixed(RETRY_DELAY).maxAttempts(setting.maxAttempts()))
                .start());
        System.out.println("ready");
        orders.stop().await();
        listener.close();
        hark.close();
        System.exit(0);
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
            case Event.Trouble trouble ->
                journal.write("trouble", String.valueOf(trouble.cause()).replaceAll("\\s+", " "));
            default -> {}
        }
    }

    /** Notes when the machine lets this process starve: its lease may lapse by that, as by a pause. */
    private void witness() {
        long before = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(TICK.toNanos());
            long now = System.nanoTime();
            long late = now - before - TICK.toNanos();
            if (late > setting.lease().toNanos() / 4) {
                journal.write("starved", late / 1_000_000);
            }
            before = System.nanoTime();
        }
    }
}
