package dev.hark.internal.redis.scripts;

/**
 * The names of all keys. Every key of a queue bears the queue's name as its hash tag, so that each transition stays in
 * one cluster slot.
 */
public record Keys(String prefix) {

    /** Waiting and in flight: a stream with the group {@code hark}. */
    public String ready(String queue) {
        return of(queue, "ready");
    }

    /** Message ids by due time. */
    public String later(String queue) {
        return of(queue, "later");
    }

    /** Messages that are not in a stream, by id. */
    public String held(String queue) {
        return of(queue, "held");
    }

    /** Dead letters. */
    public String dead(String queue) {
        return of(queue, "dead");
    }

    /** Sessions by the deadline of their lease. */
    public String sessions(String queue) {
        return of(queue, "sessions");
    }

    /** The last settled batch of each session, with its answer. */
    public String settled(String queue) {
        return of(queue, "settled");
    }

    /** What programs and operators have set. */
    public String config(String queue) {
        return of(queue, "config");
    }

    /** Counters and the settled floor. */
    public String stats(String queue) {
        return of(queue, "stats");
    }

    /** The last batch of one sender, with its answer; expires. */
    public String sender(String queue, String sender) {
        return of(queue, "sender:" + sender);
    }

    /** A channel for hints. */
    public String wake(String queue) {
        return of(queue, "wake");
    }

    /** Reads the queue's name out of {@link #wake}. */
    public String queueOfWake(String channel) {
        return channel.substring(prefix.length() + 2, channel.length() - "}:wake".length());
    }

    /** The names of all queues. */
    public String queues() {
        return prefix + ":queues";
    }

    /** What matches one kind of key, of any queue, in a permission. */
    String pattern(String part) {
        return switch (part) {
            case "queues" -> queues();
            case "sender" -> sender("*", "*");
            default -> of("*", part);
        };
    }

    private String of(String queue, String part) {
        return prefix + ":{" + queue + "}:" + part;
    }
}
