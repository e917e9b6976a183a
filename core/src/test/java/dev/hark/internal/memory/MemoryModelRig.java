package dev.hark.internal.memory;

import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.model.Canonical;
import dev.hark.internal.engine.model.ModelRig;
import dev.hark.internal.engine.model.Seen;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sees through a {@link MemoryStore}, private fields and all. */
final class MemoryModelRig extends MemoryRig implements ModelRig {

    /** Another program gives all lines of an envelope in one field; here each has its own. */
    @Override
    public String addForeign(Address queue, Map<String, String> fields) {
        Map<String, String> apart = new LinkedHashMap<>(fields);
        String[] line = fields.getOrDefault("hark", "").split("\n", 3);
        if (line.length == 3) {
            apart.put("hark", line[0]);
            apart.put("meta", line[1]);
            apart.put("log", line[2]);
        }
        return super.addForeign(queue, apart);
    }

    @Override
    public void wipe(Address queue) {
        store.drop(queue);
    }

    @Override
    public @Nullable OtherHands otherHands() {
        return null;
    }

    @Override
    public Seen look(Address queue, Collection<String> names) {
        Map<Address, Object> queues = peek(store, "queues");
        Object known = queues.get(queue);
        if (known == null) {
            return new Seen(
                    List.of(), Map.of(), false, null, Set.of(), List.of(), List.of(), Map.of(), Map.of(), Map.of(),
                    Map.of(), Map.of(), Set.of());
        }
        TreeMap<EntryId, Payload> entries = new TreeMap<>();
        Map<String, String> pending = new LinkedHashMap<>();
        Object ready = peek(known, "ready");
        Collection<MemoryStream.Entry> waiting = peek(ready, "waiting");
        waiting.forEach(entry -> entries.put(entry.id(), entry.payload()));
        Map<EntryId, MemoryStream.Active> active = peek(ready, "active");
        active.forEach((id, held) -> {
            entries.put(id, held.entry().payload());
            pending.put(id.toString(), held.session());
        });
        Object sessions = peek(known, "sessions");
        Map<String, Long> leases = new TreeMap<>();
        MemoryModelRig.<Map<String, Long>>peek(sessions, "deadlines")
                .forEach((session, until) -> leases.put(session, minutes(until)));
        Map<String, Long> consumers = peek(sessions, "consumers");
        return new Seen(
                entries.entrySet().stream()
                        .map(entry -> new Seen.Entry(entry.getKey().toString(), fields(entry.getValue())))
                        .toList(),
                pending,
                peek(known, "opened"),
                null,
                Set.copyOf(consumers.keySet()),
                later(peek(known, "later")),
                dead(peek(peek(known, "dead"), "graves")),
                leases,
                settled(peek(sessions, "settled")),
                stats(queue, peek(known, "delayed")),
                senders(peek(peek(known, "senders"), "senders")),
                config(peek(known, "settings"), peek(known, "owners")),
                Set.of());
    }

    private long minutes(long at) {
        return Math.ceilDiv(at - nowMillis(), 60_000);
    }

    private List<Seen.Later> later(PriorityQueue<?> kept) {
        PriorityQueue<?> copy = new PriorityQueue<>(kept);
        List<Seen.Later> later = new ArrayList<>();
        for (Object next = copy.poll(); next != null; next = copy.poll()) {
            later.add(
                    new Seen.Later(peek(next, "id"), minutes(peek(next, "dueMillis")), fields(peek(next, "payload"))));
        }
        return later;
    }

    private static List<Seen.Entry> dead(Map<EntryId, ?> graves) {
        List<Seen.Entry> dead = new ArrayList<>();
        graves.forEach((position, grave) -> {
            List<String> fields = fields(peek(grave, "payload"));
            fields.addAll(List.of("reason", peek(grave, "reason")));
            dead.add(new Seen.Entry(position.toString(), fields));
        });
        return dead;
    }

    private static Map<String, String> settled(Map<String, ?> answers) {
        Map<String, String> settled = new TreeMap<>();
        answers.forEach((session, answer) -> {
            SettleReply reply = peek(answer, "reply");
            long sequence = peek(answer, "sequence");
            settled.put(
                    session,
                    (sequence + " " + reply.refused() + " " + String.join(" ", reply.refusedEntries())).strip());
        });
        return settled;
    }

    private Map<String, String> stats(Address queue, long delayed) {
        QueueInfo info = store.info(queue);
        Map<String, String> stats = new TreeMap<>(Map.of(
                "published", "" + info.published(),
                "done", "" + info.done(),
                "retried", "" + info.retried(),
                "recovered", "" + info.recovered(),
                "refused", "" + info.refused(),
                "deleted", "" + info.deleted(),
                "dropped", "" + info.dropped(),
                "delayed", "" + delayed));
        stats.values().removeIf("0"::equals);
        return stats;
    }

    private Map<String, Seen.Sender> senders(Map<String, ?> kept) {
        Map<String, Seen.Sender> senders = new TreeMap<>();
        kept.forEach((name, last) -> {
            long ttl = minutes(peek(last, "expiresMillis"));
            if (ttl > 0) { // else it is forgotten when next it matters
                senders.put(
                        name, new Seen.Sender(peek(last, "sequence"), peek(last, "nonce"), peek(last, "reply"), ttl));
            }
        });
        return senders;
    }

    private static Map<String, String> config(QueueSettings settings, Map<Setting<?>, Owner> owners) {
        Map<String, String> config = new TreeMap<>();
        owners.forEach((setting, owner) -> {
            config.put(setting.name(), settings.text(setting));
            config.put("by:" + setting.name(), owner == Owner.OPERATOR ? "operator" : "code");
        });
        return config;
    }

    /** As a store on Redis would keep it, but that a message always has its own id. */
    private static List<String> fields(Payload payload) {
        List<String> fields = new ArrayList<>();
        switch (payload) {
            case Payload.Message(Envelope e) -> {
                String hark = "1 " + e.id() + " " + e.publishedAtMillis() + " " + e.attempts() + " " + e.recoveries()
                        + "\n" + e.meta() + "\n" + e.log();
                fields.addAll(List.of("hark", hark.replaceFirst("\n+$", "")));
                fields.addAll(List.of("body", Canonical.text(new String(e.body(), StandardCharsets.UTF_8))));
                if (e.foreign()) {
                    fields.addAll(List.of("foreign", "yes"));
                }
            }
            case Payload.Malformed(Map<String, String> kept) ->
                kept.forEach((name, value) -> fields.addAll(List.of(name, value)));
            case Payload.Newer(String version, Map<String, String> kept) ->
                kept.forEach((name, value) -> fields.addAll(List.of(name, value)));
        }
        return fields;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // whoever asks knows the type
    private static <T> T peek(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return (T) field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
