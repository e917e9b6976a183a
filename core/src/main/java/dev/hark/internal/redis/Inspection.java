package dev.hark.internal.redis;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.redis.scripts.Counter;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Entries;
import dev.hark.internal.redis.wire.Entry;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** What can be seen of queues, and done to dead letters. */
final class Inspection {

    private static final int SCAN = 1_000;

    private final Calls calls;
    private final Keys keys;

    Inspection(Calls calls, Keys keys) {
        this.calls = calls;
        this.keys = keys;
    }

    List<String> queues() {
        return Link.list(calls.call(keys.queues(), Command.SMEMBERS, keys.queues())).stream()
                .map(Link::text)
                .sorted()
                .toList();
    }

    QueueInfo info(Address queue) {
        Reply reply = calls.ask(
                Script.INFO,
                List.of(
                        keys.ready(queue),
                        keys.later(queue),
                        keys.dead(queue),
                        keys.stats(queue),
                        keys.sessions(queue)),
                List.of());
        Map<String, String> stats = Link.map(reply.get("stats"));
        long pending = reply.number("pending");
        String oldest = reply.text("oldest");
        return new QueueInfo(
                queue.name(),
                reply.number("entries") - pending - count(stats, Counter.LISTED),
                pending,
                reply.number("later"),
                reply.number("dead"),
                count(stats, Counter.PUBLISHED),
                count(stats, Counter.DONE),
                count(stats, Counter.RETRIED),
                count(stats, Counter.RECOVERED),
                count(stats, Counter.REFUSED),
                count(stats, Counter.DELETED),
                count(stats, Counter.DROPPED),
                count(stats, Counter.COPIES),
                reply.number("sessions"),
                oldest.equals("-1") ? null : Instant.ofEpochMilli(Entries.millis(oldest)));
    }

    private static long count(Map<String, String> stats, Counter counter) {
        return Link.number(stats.get(counter.field()), 0);
    }

    List<Buried> dead(Address queue, @Nullable String after, int limit) {
        List<Buried> all = new ArrayList<>();
        String cursor = after;
        do {
            String from = cursor == null ? "-" : "(" + cursor;
            cursor = page(queue, from, "+", limit - all.size(), all);
        } while (!cursor.isEmpty() && all.size() < limit);
        return all;
    }

    /** Adds as many as one call may read; returns after which to go on, or an empty text if there are no more. */
    private String page(Address queue, String from, String to, int limit, List<Buried> into) {
        Reply reply =
                calls.ask(Script.LIST_DEAD, List.of(keys.dead(queue), keys.stats(queue)), List.of(from, to, limit));
        reply.list("entries").forEach(entry -> into.add(buried(Entry.of(entry))));
        return reply.text("cursor");
    }

    /** Message ids and positions look alike, so that the one may equal the other: the message's own id goes first. */
    @Nullable
    Buried findDead(Address queue, String idOrPosition) {
        String cursor = "";
        do {
            List<Object> args = List.of(idOrPosition, cursor, SCAN);
            Reply reply = calls.ask(Script.FIND_DEAD, List.of(keys.dead(queue), keys.stats(queue)), args);
            if (reply.is("found")) {
                return buried(Entry.of(reply.get("entry")));
            }
            cursor = reply.text("cursor");
        } while (!cursor.isEmpty());
        if (!idOrPosition.matches("\\d{1,20}-\\d{1,20}")) {
            return null;
        }
        List<Buried> there = new ArrayList<>();
        page(queue, idOrPosition, idOrPosition, 1, there);
        return there.isEmpty() ? null : there.get(0);
    }

    private static Buried buried(Entry entry) {
        String position = entry.id();
        List<Object> fields = entry.fields();
        long diedAt = Entries.millis(position);
        byte[] reason = Entries.field(fields, "reason", 4);
        Envelope envelope = switch (Entries.shown(position, fields)) {
            case Content.Legible(Envelope readable) -> readable;
            case Content.Illegible(String why) -> stranger(position, diedAt, why);
            case Content.Unknown(String version) ->
                stranger(position, diedAt, "envelope of unknown version " + version);
        };
        return new Buried(position, envelope, reason == null ? "" : new String(reason, StandardCharsets.UTF_8), diedAt);
    }

    private static Envelope stranger(String position, long at, String why) {
        return new Envelope(position, at, 0, 0, "", "", why.getBytes(StandardCharsets.UTF_8), true);
    }

    int revive(Address queue, Collection<String> positions) {
        List<String> scriptKeys = List.of(keys.dead(queue), keys.ready(queue), keys.stats(queue));
        return inSteps(positions, step -> {
            Reply reply = calls.ask(Script.REVIVE, scriptKeys, step);
            return new Changed(reply.number("revived"), reply.count("looked"));
        });
    }

    int discard(Address queue, Collection<String> positions) {
        List<String> scriptKeys = List.of(keys.dead(queue), keys.stats(queue));
        return inSteps(
                positions, step -> new Changed(Link.number(calls.run(Script.DISCARD, scriptKeys, step)), step.size()));
    }

    /** How many were there, of so many positions that were looked at. */
    private record Changed(long there, int looked) {}

    private static int inSteps(Collection<String> positions, Function<List<String>, Changed> work) {
        List<String> all = new ArrayList<>(positions);
        int changed = 0;
        for (int from = 0; from < all.size(); ) {
            Changed step = work.apply(all.subList(from, Math.min(all.size(), from + 100)));
            changed += (int) step.there();
            from += step.looked();
        }
        return changed;
    }

    /** A queue of a newer layout may have more keys than would be removed here. Whatever else is wrong goes with it. */
    private void keepNewer(Address queue) {
        try {
            info(queue);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NEWER_LAYOUT) {
                throw e;
            }
        }
    }

    void drop(Address queue) {
        keepNewer(queue);
        calls.call(
                keys.ready(queue),
                Command.UNLINK,
                keys.ready(queue),
                keys.later(queue),
                keys.held(queue),
                keys.dead(queue),
                keys.sessions(queue),
                keys.settled(queue),
                keys.stats(queue),
                keys.config(queue));
        calls.call(keys.queues(), Command.SREM, keys.queues(), queue.name());
    }
}
