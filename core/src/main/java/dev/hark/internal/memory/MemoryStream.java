package dev.hark.internal.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entries that wait, and entries that sessions hold. Whoever uses it holds the store's lock. */
final class MemoryStream {

    /** One hand-over of a message. */
    record Entry(EntryId id, Payload payload) {}

    /** An entry in the hands of a session. */
    record Active(String session, Entry entry, long sinceMillis) {}

    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final NavigableMap<EntryId, Active> active = new TreeMap<>();
    private EntryId last = EntryId.NONE;

    /** The id that the next entry gets. */
    EntryId nextId(long nowMillis) {
        return last.next(nowMillis);
    }

    EntryId add(Payload payload, long nowMillis) {
        last = nextId(nowMillis);
        waiting.add(new Entry(last, payload));
        return last;
    }

    List<Entry> claim(String session, int max, long nowMillis) {
        List<Entry> claimed = new ArrayList<>(Math.min(max, waiting.size()));
        while (claimed.size() < max && !waiting.isEmpty()) {
            Entry entry = waiting.remove();
            active.put(entry.id(), new Active(session, entry, nowMillis));
            claimed.add(entry);
        }
        return claimed;
    }

    /** Takes an entry out of the hands of whoever holds it; null if nobody does. */
    @Nullable
    Entry acknowledge(String id) {
        EntryId read = EntryId.read(id);
        Active held = read == null ? null : active.remove(read);
        return held == null ? null : held.entry();
    }

    /** What a session holds, after an id, oldest first. */
    List<Active> heldBy(String session, EntryId after) {
        return active.tailMap(after, false).values().stream()
                .filter(held -> held.session().equals(session))
                .toList();
    }

    boolean holds(String session) {
        return active.values().stream().anyMatch(held -> held.session().equals(session));
    }

    /** Who has held something since then. */
    List<String> holdersSince(long millis) {
        return active.values().stream()
                .filter(held -> held.sinceMillis() <= millis)
                .map(Active::session)
                .distinct()
                .toList();
    }

    /** Removes the first that waits; null if none does. */
    @Nullable
    Entry drop() {
        return waiting.poll();
    }

    int waiting() {
        return waiting.size();
    }

    int active() {
        return active.size();
    }

    /** The first that waits. */
    @Nullable
    EntryId oldest() {
        Entry first = waiting.peek();
        return first == null ? null : first.id();
    }
}
