package dev.hark.cli.demo;

import dev.hark.Listener;
import dev.hark.admin.DeadLetter;
import dev.hark.admin.QueueInfo;
import dev.hark.cli.process.Stop;
import dev.hark.error.HarkException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/** One run of the demo: publish, listen, and count until all is accounted for. */
final class Demo {

    private static final Duration TICK = Duration.ofMillis(50);

    /** Without any progress for so long, the demo gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(3);

    private static final int DEAD_AT_MOST = 1000;

    private final DemoQueues queues;
    private final DemoTally tally;
    private final ProgressBar bar;
    private final Stop stop;

    Demo(DemoQueues queues, DemoTally tally, ProgressBar bar, Stop stop) {
        this.queues = queues;
        this.tally = tally;
        this.bar = bar;
        this.stop = stop;
    }

    DemoResult run() {
        long start = System.nanoTime();
        Listener listener = queues.listen(tally);
        try {
            Thread publisher = Thread.ofVirtual().name("hark-demo-publisher").start(this::publish);
            follow();
            stop.request();
            join(publisher);
        } finally {
            listener.close();
        }
        return result(Duration.ofNanos(Math.max(1, tally.lastNanos() - start)));
    }

    private void publish() {
        int n = 0;
        for (; n < tally.messages() && !stop.isRequested(); n++) {
            int number = n;
            try {
                var unused = queues.publish(DemoJob.of(n)).whenComplete((receipt, failure) -> {
                    if (failure == null) {
                        tally.published(number);
                    } else {
                        tally.refused(failure);
                    }
                });
            } catch (HarkException e) {
                tally.refused(e);
            }
        }
        try {
            tally.awaitAnswers(n, ANSWERS_WITHIN); // what is under way would look lost
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until all is handled or dead, the user stops it, or nothing moves any more. */
    private void follow() {
        int seen = -1;
        long lastMove = System.nanoTime();
        while (!stop.await(TICK) && System.nanoTime() - lastMove < PATIENCE.toNanos()) {
            int now = tally.handledCount();
            bar.show(now);
            if (tally.isPublished() && isDrained()) {
                return;
            }
            if (now != seen) {
                seen = now;
                lastMove = System.nanoTime();
            }
        }
    }

    private boolean isDrained() {
        return queues.infos().stream().allMatch(queue -> DemoResult.left(queue) == 0);
    }

    private static void join(Thread publisher) {
        try {
            publisher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DemoResult result(Duration time) {
        List<QueueInfo> infos = queues.infos();
        int missing = tally.missing(dead(infos));
        return new DemoResult(tally.publishedCount(), tally.handledCount(), missing, time, infos);
    }

    /** The numbers of those that Redis really keeps as dead. */
    private BitSet dead(List<QueueInfo> infos) {
        BitSet dead = new BitSet();
        for (QueueInfo queue : infos) {
            for (DeadLetter letter :
                    queues.inspector().queue(queue.name()).dead().list(DEAD_AT_MOST)) {
                int n = tally.numberOf(queue.name(), letter.id());
                if (n >= 0) {
                    dead.set(n);
                }
            }
        }
        return dead;
    }
}
