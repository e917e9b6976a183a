package dev.hark.cli.demo;

import dev.hark.admin.QueueInfo;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What a demo came to.
 *
 * @param published how many Redis accepted
 * @param handled how many of them a handler finished
 * @param missing how many of them are neither handled nor dead
 * @param time from the first publish to the last that was handled
 * @param queues the figures of the queues at the end
 */
record DemoResult(int published, int handled, int missing, Duration time, List<QueueInfo> queues) {

    long retried() {
        return sum(QueueInfo::retried);
    }

    long dead() {
        return sum(QueueInfo::dead);
    }

    private long sum(ToLongFunction<QueueInfo> figure) {
        return queues.stream().mapToLong(figure).sum();
    }

    /** What is missing and not in Redis either; if the demo was stopped, that still holds the rest. */
    long lost() {
        return Math.max(0, missing - sum(DemoResult::left));
    }

    /** What is still to be done. */
    static long left(QueueInfo queue) {
        return queue.waiting() + queue.active() + queue.later();
    }

    boolean isComplete() {
        return published == handled + dead() && missing == 0;
    }

    private double seconds() {
        return Math.round(time.toNanos() / 1e6) / 1e3;
    }

    private long messagesPerSecond() {
        return Math.round(handled / (time.toNanos() / 1e9));
    }

    String json() {
        return Json.object(json -> {
            json.writeNumberProperty("published", published);
            json.writeNumberProperty("handled", handled);
            json.writeNumberProperty("retried", retried());
            json.writeNumberProperty("dead", dead());
            json.writeNumberProperty("lost", lost());
            json.writeNumberProperty("seconds", seconds());
            json.writeNumberProperty("messagesPerSecond", messagesPerSecond());
        });
    }

    Table table() {
        Table table = new Table("QUEUE", "PUBLISHED", "DONE", "RETRIED", "DEAD");
        for (QueueInfo queue : queues) {
            table.row(queue.name(), queue.published(), queue.done(), queue.retried(), queue.dead());
        }
        return table;
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "%,d published, %,d handled, %,d dead, %,d lost: %.1f s, %,d messages/s",
                published,
                handled,
                dead(),
                lost(),
                seconds(),
                messagesPerSecond());
    }

    /** What is missing where it is not complete. */
    String shortfall() {
        return String.format(
                Locale.ROOT, "ended early: of %,d published, %,d are handled and %,d dead", published, handled, dead());
    }
}
