package dev.hark.internal.redis;

import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.Store.Opened;
import dev.hark.internal.engine.Store.Promotion;
import dev.hark.internal.engine.Store.SettleBatch;
import dev.hark.internal.engine.Store.SettleReply;
import dev.hark.internal.engine.Store.Sweep;
import dev.hark.internal.engine.Store.Takeover;
import dev.hark.internal.engine.Store.TakeoverMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What listeners do with messages, but for claiming them. */
final class Handling {

    /** Settled entries are trimmed once there are this many: streams free whole nodes of about 100. */
    private static final int TRIM_AT = 128;

    /** Beyond this, a slow message holds the floor, and each batch deletes its own entries. */
    private static final int DELETE_AT = 10_000;

    /** Larger entries are deleted as they are settled: trimming counts entries, not bytes. */
    private static final int LARGE = 1_024;

    private static final int STEP_MESSAGES = 200;
    private static final int STEP_BYTES = 1 << 20;

    private final Calls calls;
    private final Keys keys;
    private final Registry registry;

    Handling(Calls calls, Keys keys, Registry registry) {
        this.calls = calls;
        this.keys = keys;
        this.registry = registry;
    }

    /** See {@link Store#open}. */
    Opened open(String queue, String session, Duration lease) {
        List<Object> reply = Link.list(calls.runForLease(
                Script.OPEN,
                List.of(
                        keys.ready(queue),
                        keys.stats(queue),
                        keys.sessions(queue),
                        keys.settled(queue),
                        keys.later(queue),
                        keys.held(queue),
                        keys.dead(queue)),
                List.of(session, lease.toMillis())));
        registry.doubt(queue); // whoever opens anew may do so since everything was lost
        registry.add(queue);
        return new Opened(Link.number(reply.get(0)) == 1, Link.number(reply.get(1)));
    }

    /** See {@link Store#settle}. */
    SettleReply settle(SettleBatch batch) {
        String queue = batch.queue();
        List<String> at = new ArrayList<>(
                List.of(keys.ready(queue), keys.stats(queue), keys.sessions(queue), keys.settled(queue)));
        List<Object> args = new ArrayList<>(8 + batch.settlements().size());
        args.add(batch.session());
        args.add(batch.sequence());
        args.add(TRIM_AT);
        args.add(DELETE_AT);
        List<List<Object>> done =
                Stream.<List<Object>>generate(ArrayList::new).limit(4).toList();
        List<Object> others = new ArrayList<>(0);
        for (Settlement settlement : batch.settlements()) {
            switch (settlement) {
                case Settlement.Done(String entry, boolean foreign, int bytes) ->
                    done.get((foreign ? 1 : 0) + (bytes < LARGE ? 0 : 2)).add(entry);
                case Settlement.Retry(String entry, long delay, String error) ->
                    others.addAll(List.of("retry", entry, delay, error));
                case Settlement.Snooze(String entry, long delay) -> others.addAll(List.of("snooze", entry, delay, ""));
                case Settlement.Release(String entry) -> others.addAll(List.of("release", entry, 0, ""));
                case Settlement.Park(String entry, long delay) -> others.addAll(List.of("park", entry, delay, ""));
                case Settlement.Bury(String entry, String reason, boolean burnt) ->
                    others.addAll(List.of(burnt ? "bury" : "buryunburnt", entry, 0, reason));
                case Settlement.Lost(String entry, int most) -> others.addAll(List.of("lost", entry, 0, most));
            }
        }
        done.forEach(entries -> args.add(entries.size()));
        done.forEach(args::addAll);
        args.addAll(others);
        if (!others.isEmpty()) {
            at.addAll(List.of(keys.later(queue), keys.held(queue), keys.dead(queue)));
        }
        List<Object> reply = Link.list(calls.run(Script.SETTLE, at, args));
        return new SettleReply(
                (int) Link.number(reply.get(1)),
                reply.subList(3, reply.size()).stream().map(Link::text).toList(),
                Link.text(reply.get(0)).equals("repeated"),
                Link.number(reply.get(2)));
    }

    /** See {@link Store#sweep}. */
    Sweep sweep(String queue, String session, Duration lease, String cursor) {
        List<Object> reply = Link.list(calls.runForLease(
                Script.SWEEP,
                List.of(keys.sessions(queue), keys.ready(queue), keys.stats(queue), keys.later(queue)),
                List.of(session, lease.toMillis(), cursor)));
        String newerLayout = Link.text(reply.get(6));
        return new Sweep(
                Link.number(reply.get(0)) == 1,
                Link.texts(reply.get(4)),
                Link.texts(reply.get(5)),
                Link.text(reply.get(3)),
                Link.number(reply.get(1)),
                Link.number(reply.get(2)) == 1,
                newerLayout.isEmpty() ? null : newerLayout);
    }

    /** See {@link Store#takeOver}. */
    Takeover takeOver(String queue, String session, TakeoverMode mode) {
        String what = switch (mode) {
            case LAPSED -> "the session's lease lapsed: its process died, hung, or lost its connection";
            case CLOSED -> "the listener was closed before the handler ended";
        };
        List<Object> reply = Link.list(calls.runForLease(
                Script.TAKEOVER,
                List.of(keys.ready(queue), keys.stats(queue), keys.sessions(queue), keys.settled(queue)),
                List.of(session, mode.name().toLowerCase(Locale.ROOT), STEP_MESSAGES, STEP_BYTES, what)));
        return new Takeover((int) Link.number(reply.get(0)), Link.number(reply.get(1)) == 1);
    }

    /** See {@link Store#promote}. */
    Promotion promote(String queue) {
        List<String> at =
                new ArrayList<>(List.of(keys.later(queue), keys.held(queue), keys.ready(queue), keys.stats(queue)));
        List<Object> reply = promote(at);
        long moved = Link.number(reply.get(0));
        if (Link.number(reply.get(2))
                == 1) { // seldom: a key that is declared and not there stops it in a slot that moves
            at.add(keys.dead(queue));
            reply = promote(at);
            moved += Link.number(reply.get(0));
        }
        return new Promotion((int) moved, Link.number(reply.get(1)));
    }

    private List<Object> promote(List<String> at) {
        return Link.list(calls.run(Script.PROMOTE, at, List.of(STEP_MESSAGES, STEP_BYTES)));
    }
}
