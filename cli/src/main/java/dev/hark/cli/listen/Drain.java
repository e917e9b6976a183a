package dev.hark.cli.listen;

import dev.hark.admin.Inspector;
import dev.hark.admin.QueueInfo;
import dev.hark.cli.process.Stop;
import dev.hark.error.UnavailableException;
import java.time.Duration;
import java.util.Set;

/** Waits until queues have nothing to do any more, in any session. Dead letters do not count. */
final class Drain {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    private Drain() {}

    /** Requests the stop then. On a thread of its own, since Redis may not answer, and a signal must be heard meanwhile. */
    static void start(Inspector inspector, Set<String> queues, Stop stop) {
        Thread.ofPlatform().daemon().name("hark-drain").start(() -> {
            try {
                await(inspector, queues, stop);
                stop.request();
            } catch (RuntimeException e) {
                if (!stop.isRequested()) { // else it is closed
                    stop.fail(e);
                }
            }
        });
    }

    private static void await(Inspector inspector, Set<String> queues, Stop stop) {
        Duration pause = FIRST_PAUSE;
        while (!stop.isRequested() && !isDrained(inspector, queues)) {
            stop.await(pause);
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    private static boolean isDrained(Inspector inspector, Set<String> queues) {
        try {
            return queues.stream().map(queue -> inspector.queue(queue).info()).allMatch(Drain::isDrained);
        } catch (UnavailableException e) {
            // The listener says so, and goes on once Redis is back.
            return false;
        }
    }

    private static boolean isDrained(QueueInfo queue) {
        return queue.waiting() + queue.active() + queue.later() == 0;
    }
}
