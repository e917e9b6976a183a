package dev.hark.internal.redis;

import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.model.Canonical;
import dev.hark.internal.engine.model.ModelRig;
import dev.hark.internal.engine.model.Seen;
import dev.hark.internal.redis.wire.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Sees all keys of a queue, raw, in one round trip. */
final class RedisModelRig implements ModelRig, ModelRig.OtherHands {

    private static final List<String> PARTS =
            List.of("ready", "later", "held", "dead", "sessions", "settled", "stats", "config");

    private static final String WRONG = "not Hark's";

    /** KEYS: as in PARTS, then senders; ARGV: pattern of all keys. */
    private static final String LOOK = """
            local ready = KEYS[1]
            local exists = redis.call('EXISTS', ready) == 1
            local groups = exists and redis.call('XINFO', 'GROUPS', ready) or {}
            local pending, consumers, delivered = {}, {}, ''
            if groups[1] then
              for i = 1, #groups[1], 2 do
                if groups[1][i] == 'last-delivered-id' then delivered = groups[1][i + 1] end
              end
              for _, p in ipairs(redis.call('XPENDING', ready, 'hark', '-', '+', 100000)) do
                pending[#pending + 1], pending[#pending + 2] = p[1], p[2]
              end
              for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', ready, 'hark')) do consumers[#consumers + 1] = c[2] end
            end
            local later = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
            local held = {}
            for i = 1, #later, 2 do
              local packed = redis.call('HGET', KEYS[3], later[i])
              local legible, kept = pcall(cmsgpack.unpack, packed or '')
              held[#held + 1] = packed and (legible and type(kept) == 'table' and kept or { '?', packed }) or {}
            end
            local senders = {}
            for i = 9, #KEYS do
              senders[#senders + 1], senders[#senders + 2] = redis.call('GET', KEYS[i]), redis.call('PTTL', KEYS[i])
            end
            local time = redis.call('TIME')
            return { exists and redis.call('XRANGE', ready, '-', '+') or {}, pending, #groups, delivered, consumers,
              later, held, redis.call('HLEN', KEYS[3]), redis.call('XRANGE', KEYS[4], '-', '+'),
              redis.call('ZRANGE', KEYS[5], 0, -1, 'WITHSCORES'), redis.call('HGETALL', KEYS[6]),
              redis.call('HGETALL', KEYS[7]), senders, redis.call('KEYS', ARGV[1]),
              string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), redis.call('HGETALL', KEYS[8]) }
            """;

    /** KEYS: ready, later, sessions, senders; ARGV: by how many ms. What is held and deleted cannot be made older. */
    private static final String AGE = """
            for k = 2, 3 do
              for _, member in ipairs(redis.call('ZRANGE', KEYS[k], 0, -1)) do
                redis.call('ZINCRBY', KEYS[k], '-' .. ARGV[1], member)
              end
            end
            local groups = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('XINFO', 'GROUPS', KEYS[1]) or {}
            if groups[1] then
              for _, p in ipairs(redis.call('XPENDING', KEYS[1], 'hark', '-', '+', 100000)) do
                if redis.call('XRANGE', KEYS[1], p[1], p[1])[1] then
                  redis.call('XCLAIM', KEYS[1], 'hark', p[2], 0, p[1], 'IDLE', p[3] + ARGV[1], 'JUSTID')
                end
              end
            end
            for k = 4, #KEYS do
              local ttl = redis.call('PTTL', KEYS[k])
              if ttl > 0 then redis.call('PEXPIRE', KEYS[k], ttl - ARGV[1]) end
            end
            return ''
            """;

    private final RedisRig rig;
    private final String look;
    private final String age;
    private final List<String> known = List.of("p", "q");

    RedisModelRig(ServerOptions options) {
        rig = new RedisRig(options);
        look = Link.text(rig.call(Command.SCRIPT, "LOAD", LOOK));
        age = Link.text(rig.call(Command.SCRIPT, "LOAD", AGE));
    }

    private String key(Address queue, String part) {
        return rig.keys().ready(queue).replace("ready", part);
    }

    private List<Object> keys(Address queue, Collection<String> parts, Collection<String> senders) {
        List<Object> keys = new ArrayList<>();
        parts.forEach(part -> keys.add(key(queue, part)));
        senders.forEach(sender -> keys.add(rig.keys().sender(queue, sender)));
        return keys;
    }

    private Object eval(String sha1, List<Object> keys, Object argument) {
        List<Object> args = new ArrayList<>(List.of(sha1, keys.size()));
        args.addAll(keys);
        args.add(argument);
        return rig.call(Command.EVALSHA, args.toArray());
    }

    // ---- looking

    @Override
    public Seen look(Address queue, Collection<String> senders) {
        List<Object> all = Link.list(eval(look, keys(queue, PARTS, senders), key(queue, "*")));
        long now = Long.parseLong(Link.text(all.get(14)));
        Set<String> strange = new HashSet<>(Link.texts(all.get(13)));
        keys(queue, PARTS, senders).forEach(key -> strange.remove(String.valueOf(key)));
        List<Seen.Later> later = new ArrayList<>();
        List<String> due = Link.texts(all.get(5));
        List<Object> held = Link.list(all.get(6));
        int whole = 0;
        for (int i = 0; i < held.size(); i++) {
            List<String> fields = fields(held.get(i));
            whole += fields.isEmpty() ? 0 : 1;
            later.add(new Seen.Later(due.get(2 * i), minutes(due.get(2 * i + 1), now), fields));
        }
        if (Link.number(all.get(7)) != whole) {
            strange.add("messages in held that are not in later: " + (Link.number(all.get(7)) - whole));
        }
        Map<String, Long> sessions = new TreeMap<>();
        map(all.get(9)).forEach((session, until) -> sessions.put(session, minutes(until, now)));
        Map<String, String> stats = new TreeMap<>(map(all.get(11)));
        stats.values().removeIf("0"::equals);
        stats.remove("seen");
        Map<String, String> pending = new LinkedHashMap<>(map(all.get(1)));
        boolean group = Link.number(all.get(2)) == 1;
        return new Seen(
                entries(all.get(0)),
                pending,
                group,
                group ? Link.text(all.get(3)) : null,
                Set.copyOf(Link.texts(all.get(4))),
                later,
                entries(all.get(8)),
                sessions,
                new TreeMap<>(map(all.get(10))),
                stats,
                senders(List.copyOf(senders), Link.list(all.get(12))),
                map(all.get(15)),
                strange);
    }

    private static Map<String, Seen.Sender> senders(List<String> names, List<Object> kept) {
        Map<String, Seen.Sender> senders = new TreeMap<>();
        for (int i = 0; 2 * i + 1 < kept.size(); i++) {
            if (kept.get(2 * i) instanceof byte[] text) {
                String[] word = Link.text(text).split(" ", 3);
                long minutes = Math.ceilDiv(Link.number(kept.get(2 * i + 1)), 60_000);
                senders.put(names.get(i), new Seen.Sender(Long.parseLong(word[0]), word[1], answer(word[2]), minutes));
            }
        }
        return senders;
    }

    private static PublishReply answer(String text) {
        return text.startsWith("f ")
                ? new PublishReply.Full(Integer.parseInt(text.substring(2)))
                : new PublishReply.Accepted(PublishAnswer.read(text), false);
    }

    private static long minutes(String score, long now) {
        return Math.ceilDiv((long) Double.parseDouble(score) - now, 60_000);
    }

    private static List<Seen.Entry> entries(Object reply) {
        List<Seen.Entry> entries = new ArrayList<>();
        for (Object entry : Link.list(reply)) {
            List<Object> pair = Link.list(entry);
            entries.add(new Seen.Entry(Link.text(pair.get(0)), fields(pair.get(1))));
        }
        return entries;
    }

    private static List<String> fields(Object reply) {
        List<String> fields = new ArrayList<>(Link.texts(reply));
        fields.replaceAll(Canonical::text);
        return fields;
    }

    private static Map<String, String> map(Object reply) {
        List<String> flat = Link.texts(reply);
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            map.put(flat.get(i), flat.get(i + 1));
        }
        return map;
    }

    // ---- other hands

    @Override
    public void deleteEntries(Address queue, Collection<String> ids) {
        List<Object> args = new ArrayList<>(List.of(key(queue, "ready")));
        args.addAll(ids);
        rig.call(Command.XDEL, args.toArray());
    }

    @Override
    public void trim(Address queue, int left) {
        rig.call(Command.XTRIM, key(queue, "ready"), "MAXLEN", left);
    }

    @Override
    public void deleteConsumer(Address queue, String session) {
        rig.call(Command.XGROUP, "DELCONSUMER", key(queue, "ready"), "hark", session);
    }

    @Override
    public void destroyGroup(Address queue) {
        rig.call(Command.XGROUP, "DESTROY", key(queue, "ready"), "hark");
    }

    @Override
    public void deleteStream(Address queue) {
        rig.call(Command.DEL, key(queue, "ready"));
    }

    @Override
    public void deleteHeld(Address queue, String member) {
        rig.call(Command.HDEL, key(queue, "held"), member);
    }

    @Override
    public void forgeHeld(Address queue, String member, String content, Duration due) {
        rig.call(Command.HSET, key(queue, "held"), member, content);
        rig.call(Command.ZADD, key(queue, "later"), nowMillis() + due.toMillis(), member);
    }

    @Override
    public void whileWrong(Address queue, String part, Runnable work) {
        String key = key(queue, part);
        String aside = "aside:" + key;
        boolean there = rig.number(Command.EXISTS, key) == 1;
        if (there) {
            rig.call(Command.RENAME, key, aside);
        }
        boolean text = !part.startsWith("sender");
        rig.call(text ? Command.SET : Command.RPUSH, key, WRONG);
        try {
            work.run();
            List<String> left =
                    text ? List.of(Link.text(rig.call(Command.GET, key))) : rig.texts(Command.LRANGE, key, 0, -1);
            if (!left.equals(List.of(WRONG))) {
                throw new AssertionError("the key " + key + ", which holds something else, now holds " + left);
            }
        } finally {
            rig.call(Command.DEL, key);
            if (there) {
                rig.call(Command.RENAME, aside, key);
            }
        }
    }

    // ---- StoreRig

    @Override
    public void wipe(Address queue) {
        List<String> keys = rig.keysOf(queue);
        if (!keys.isEmpty()) {
            rig.call(Command.UNLINK, keys.toArray());
        }
    }

    @Override
    public @Nullable OtherHands otherHands() {
        return this;
    }

    @Override
    public Store store() {
        return rig.store();
    }

    @Override
    public long nowMillis() {
        return System.currentTimeMillis(); // the server runs here
    }

    @Override
    public String addForeign(Address queue, Map<String, String> fields) {
        return rig.addForeign(queue, fields);
    }

    @Override
    public void turnClock(Address queue, Duration by) {
        rig.turnClock(queue, by);
    }

    @Override
    public void age(Address queue, Duration by) {
        eval(age, keys(queue, List.of("ready", "later", "sessions"), known), by.toMillis());
    }

    @Override
    public void awaitBlocked(ListenStore.ClaimSource source) {
        rig.awaitBlocked(source);
    }

    @Override
    public void close() {
        rig.close();
    }
}
