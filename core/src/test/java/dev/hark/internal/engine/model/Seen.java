package dev.hark.internal.engine.model;

import dev.hark.internal.engine.PublishStore.PublishReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a queue: what a rig has seen, or what the model expects. Times are in minutes from now, rounded up,
 * so that the milliseconds that a sequence takes do not count.
 *
 * @param entries the stream, settled ones that are not yet trimmed among them
 * @param pending who holds an entry
 * @param group whether the group exists
 * @param delivered the last entry that was handed out; null without a group, or where a store has no such thing
 * @param later in the order in which they are due
 * @param settled the last settled batch of a session
 * @param stats counters that are not 0
 * @param config settings, and who has set them
 * @param strange keys that have no place in a queue
 */
public record Seen(
        List<Entry> entries,
        Map<String, String> pending,
        boolean group,
        @Nullable String delivered,
        Set<String> consumers,
        List<Later> later,
        List<Entry> dead,
        Map<String, Long> sessions,
        Map<String, String> settled,
        Map<String, String> stats,
        Map<String, Sender> senders,
        Map<String, String> config,
        Set<String> strange) {

    /** An entry of a stream, its fields as names and values in turn. */
    public record Entry(String id, List<String> fields) {}

    /** A message that is due later; no fields if they have been deleted. */
    public record Later(String member, long due, List<String> fields) {}

    /** The last batch of a sender, and what it was answered first. */
    public record Sender(long sequence, String nonce, PublishReply answer, long ttl) {}

    /** Where each body is; {@link Place#UNPUBLISHED} if there are several of it. */
    Map<String, Place> places() {
        Map<String, Place> places = new TreeMap<>();
        List<String> twice = new ArrayList<>();
        for (Entry entry : entries) {
            if (pending.containsKey(entry.id())) {
                put(places, twice, entry.fields(), Place.IN_FLIGHT);
            } else if (delivered == null || EntryIds.below(delivered, entry.id())) {
                put(places, twice, entry.fields(), Place.WAITING);
            }
        }
        later.forEach(one -> put(places, twice, one.fields(), Place.LATER));
        dead.forEach(one -> put(places, twice, one.fields(), Place.DEAD));
        twice.forEach(body -> places.put(body, Place.UNPUBLISHED));
        return places;
    }

    private static void put(Map<String, Place> places, List<String> twice, List<String> fields, Place place) {
        int at = fields.indexOf("body");
        if (at >= 0 && at % 2 == 0 && places.put(fields.get(at + 1), place) != null) {
            twice.add(fields.get(at + 1));
        }
    }

    /** What differs, a line for each part; empty if nothing does. */
    static List<String> differences(Seen expected, Seen seen) {
        List<String> lines = new ArrayList<>();
        if (!expected.equals(seen)) {
            for (var part : Seen.class.getRecordComponents()) {
                try {
                    Object one = part.getAccessor().invoke(expected);
                    Object other = part.getAccessor().invoke(seen);
                    if (!Objects.equals(one, other)) {
                        lines.add((part.getName() + ": expected " + one + "\n    but was " + other)
                                .replace("longlong", ""));
                    }
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return lines;
    }
}
