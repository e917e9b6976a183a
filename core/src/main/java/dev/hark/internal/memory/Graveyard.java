package dev.hark.internal.memory;

import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.message.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Dead letters in the order of their death. Whoever uses it holds the store's lock. */
final class Graveyard {

    private record Grave(Payload payload, String reason) {}

    private final NavigableMap<EntryId, Grave> graves = new TreeMap<>();
    private EntryId last = EntryId.NONE;

    void bury(Payload payload, String reason, long nowMillis) {
        last = last.next(nowMillis);
        graves.put(last, new Grave(payload, reason));
    }

    List<Buried> after(@Nullable String position, int limit) {
        EntryId from = position == null ? EntryId.NONE : position(position);
        return graves.tailMap(from, false).entrySet().stream()
                .limit(limit)
                .map(Graveyard::shown)
                .toList();
    }

    @Nullable
    Buried find(String idOrPosition) {
        return graves.entrySet().stream()
                .filter(grave -> grave.getValue().payload().id(grave.getKey()).equals(idOrPosition))
                .findFirst()
                .map(Graveyard::shown)
                .orElseGet(() -> at(EntryId.read(idOrPosition)));
    }

    private @Nullable Buried at(@Nullable EntryId position) {
        Grave there = position == null ? null : graves.get(position);
        return position == null || there == null ? null : shown(Map.entry(position, there));
    }

    /** Takes one out; null if there is none. */
    @Nullable
    Payload exhume(String position) {
        Grave grave = graves.remove(position(position));
        return grave == null ? null : grave.payload();
    }

    int size() {
        return graves.size();
    }

    private static EntryId position(String text) {
        EntryId position = EntryId.read(text);
        if (position == null) {
            throw new StoreException(Kind.NEVER, "'" + text + "' is no position of a dead letter", null);
        }
        return position;
    }

    private static Buried shown(Map.Entry<EntryId, Grave> grave) {
        EntryId position = grave.getKey();
        Envelope envelope = switch (grave.getValue().payload()) {
            case Payload.Message(Envelope known) -> known;
            case Payload.Malformed malformed -> stranger(position, "no body");
            case Payload.Newer newer -> stranger(position, "envelope of unknown version " + newer.version());
        };
        return new Buried(position.toString(), envelope, grave.getValue().reason(), position.millis());
    }

    private static Envelope stranger(EntryId position, String why) {
        byte[] body = why.getBytes(StandardCharsets.UTF_8);
        return new Envelope(position.toString(), position.millis(), 0, 0, "", "", body, true);
    }
}
