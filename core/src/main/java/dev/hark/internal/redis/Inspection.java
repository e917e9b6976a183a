package dev.hark.internal.redis;

import dev.hark.QueueInfo;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.scripts.Script;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Entries;
import dev.hark.internal.redis.wire.Link;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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

    QueueInfo info(String queue) {
        List<Object> reply = Link.list(calls.run(
                Script.INFO,
                List.of(
                        keys.ready(queue),
                        keys.later(queue),
                        keys.dead(queue),
                        keys.stats(queue),
                        keys.sessions(queue)),
                List.of()));
        Map<String, String> stats = new HashMap<>();
        List<String> flat = Link.texts(reply.get(6));
        for (int i = 0; i < flat.size(); i += 2) {
            stats.put(flat.get(i), flat.get(i + 1));
        }
        long pending = Link.number(reply.get(1));
        String oldest = Link.text(reply.get(5));
        return new QueueInfo(
                queue,
                Link.number(reply.get(0)) - pending - count(stats, "listed"),
                pending,
                Link.number(reply.get(2)),
                Link.number(reply.get(3)),
                count(stats, "published"),
                count(stats, "done"),
                count(stats, "retried"),
                count(stats, "recovered"),
                count(stats, "refused"),
                count(stats, "deleted"),
                count(stats, "dropped"),
                count(stats, "copies"),
                Link.number(reply.get(4)),
                oldest.equals("-1") ? null : Instant.ofEpochMilli(Entries.millis(oldest)));
    }

    private static long count(Map<String, String> stats, String name) {
        return Link.number(stats.get(name), 0);
    }

    List<Buried> dead(String queue, @Nullable String after, int limit) {
        List<Buried> all = new ArrayList<>();
        String cursor = after;
        do {
            String from = cursor == null ? "-" : "(" + cursor;
            cursor = page(queue, from, "+", limit - all.size(), all);
        } while (!cursor.isEmpty() && all.size() < limit);
        return all;
    }

    /** Adds as many as one call may read; returns after which to go on, or an empty text if there are no more. */
    private String page(String queue, String from, String to, int limit, List<Buried> into) {
        List<Object> reply = Link.list(
                calls.run(Script.LIST_DEAD, List.of(keys.dead(queue), keys.stats(queue)), List.of(from, to, limit)));
        Link.list(reply.get(0)).forEach(entry -> into.add(buried(Link.list(entry))));
        return Link.text(reply.get(1));
    }

    /** Message ids and positions look alike, so that the one may equal the other: the message's own id goes first. */
    @Nullable
    Buried findDead(String queue, String idOrPosition) {
        String cursor = "";
        do {
            List<Object> args = List.of(idOrPosition, cursor, SCAN);
            List<Object> reply = lookForDead(queue, args);
            if (Link.number(reply.get(0)) == 1) {
                return buried(Link.list(reply.get(1)));
            }
            cursor = Link.text(reply.get(1));
        } while (!cursor.isEmpty());
        if (!idOrPosition.matches("\\d{1,20}-\\d{1,20}")) {
            return null;
        }
        List<Buried> there = new ArrayList<>();
        page(queue, idOrPosition, idOrPosition, 1, there);
        return there.isEmpty() ? null : there.get(0);
    }

    private List<Object> lookForDead(String queue, List<Object> args) {
        return Link.list(calls.run(Script.FIND_DEAD, List.of(keys.dead(queue), keys.stats(queue)), args));
    }

    private static Buried buried(List<Object> entry) {
        String position = Link.text(entry.get(0));
        List<Object> fields = Link.list(entry.get(1));
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

    int revive(String queue, Collection<String> positions) {
        List<String> at = List.of(keys.dead(queue), keys.ready(queue), keys.stats(queue));
        return inSteps(positions, step -> {
            List<Object> reply = Link.list(calls.run(Script.REVIVE, at, step));
            return new Changed(Link.number(reply.get(0)), (int) Link.number(reply.get(1)));
        });
    }

    int discard(String queue, Collection<String> positions) {
        List<String> at = List.of(keys.dead(queue), keys.stats(queue));
        return inSteps(positions, step -> new Changed(Link.number(calls.run(Script.DISCARD, at, step)), step.size()));
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
    private void keepNewer(String queue) {
        try {
            info(queue);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NEWER_LAYOUT) {
                throw e;
            }
        }
    }

    void drop(String queue) {
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
        calls.call(keys.queues(), Command.SREM, keys.queues(), queue);
    }
}
