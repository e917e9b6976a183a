package dev.hark.internal.redis.scripts;

import dev.hark.internal.engine.Address;

/**
 * The names of all keys: {@code prefix:{tag}:[path:]kind}, by the queue's {@link Address}. All keys of a queue bear its hash
 * tag, so that each transition stays in one cluster slot.
 */
public record Keys(String prefix) {

    private static final Address ANY = Address.of("*");

    /** Waiting and in flight: a stream with the group {@code hark}. */
    public String ready(Address queue) {
        return of(queue, "ready");
    }

    /** Message ids by due time. */
    public String later(Address queue) {
        return of(queue, "later");
    }

    /** Messages that are not in a stream, by id. */
    public String held(Address queue) {
        return of(queue, "held");
    }

    /** Dead letters. */
    public String dead(Address queue) {
        return of(queue, "dead");
    }

    /** Sessions by the deadline of their lease. */
    public String sessions(Address queue) {
        return of(queue, "sessions");
    }

    /** The last settled batch of each session, with its answer. */
    public String settled(Address queue) {
        return of(queue, "settled");
    }

    /** What programs and operators have set. */
    public String config(Address queue) {
        return of(queue, "config");
    }

    /** Counters and the settled floor. */
    public String stats(Address queue) {
        return of(queue, "stats");
    }

    /** The last batch of one sender, with its answer; expires. */
    public String sender(Address queue, String sender) {
        return of(queue, "sender:" + sender);
    }

    /** A channel for hints. */
    public String wake(Address queue) {
        return of(queue, "wake");
    }

    /** The names of all queues. */
    public String queues() {
        return prefix + ":queues";
    }

    /** Whether a key is one of these. */
    public boolean own(String key) {
        return key.startsWith(prefix + ":");
    }

    /** What matches one kind of key, of any queue, in a permission. */
    String pattern(String kind) {
        return switch (kind) {
            case "queues" -> queues();
            case "sender" -> sender(ANY, "*");
            default -> of(ANY, kind);
        };
    }

    private String of(Address queue, String kind) {
        String path = queue.path().isEmpty() ? "" : queue.path() + ":";
        return prefix + ":{" + queue.tag() + "}:" + path + kind;
    }
}
