package dev.hark.internal.engine.model;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Looking, and what is done to dead letters. */
final class LookCalls {

    private final Store store;
    private final Address queue;
    private final Model model;

    LookCalls(Store store, Address queue, Model model) {
        this.store = store;
        this.queue = queue;
        this.model = model;
    }

    List<String> positions(Random random) {
        List<String> positions = new ArrayList<>();
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            positions.add(
                    model.dead.isEmpty() || random.nextInt(6) == 0
                            ? "1-1"
                            : String.valueOf(Calls.pick(model.dead, random).id));
        }
        return positions;
    }

    Call revive(List<String> positions) {
        return new Call(
                "revive " + positions,
                Set.of("dead", "ready", "stats"),
                () -> store.revive(queue, positions),
                reply -> Call.same(model.deadLetters.revive(positions), reply));
    }

    Call discard(List<String> positions) {
        return new Call(
                "discard " + positions,
                Set.of("dead", "stats"),
                () -> store.discard(queue, positions),
                reply -> Call.same(model.deadLetters.discard(positions), reply));
    }

    Call look() {
        return new Call(
                "look",
                Set.of("ready", "later", "dead", "stats", "sessions", "config"),
                () -> List.of(store.info(queue), store.dead(queue, null, 1_000), first(), store.settings(queue)),
                reply -> Call.same(
                        List.of(info(), graves(model.dead), first(model.dead), model.settings), seen((List<?>) reply)));
    }

    /** The dead letter that is found by the id of the last one. */
    private String first() {
        if (model.dead.isEmpty()) {
            return "";
        }
        Buried found = store.findDead(queue, id(model.dead.get(model.dead.size() - 1)));
        return found == null ? "none" : found.position();
    }

    private static String first(List<Model.Entry> dead) {
        if (dead.isEmpty()) {
            return "";
        }
        String id = id(dead.get(dead.size() - 1));
        return dead.stream()
                .filter(grave -> id(grave).equals(id))
                .map(grave -> String.valueOf(grave.id))
                .findFirst()
                .orElseThrow();
    }

    private static String id(Model.Entry grave) {
        return grave.message.unknown ? String.valueOf(grave.id) : grave.message.id;
    }

    private static List<String> graves(List<Model.Entry> dead) {
        return dead.stream()
                .map(grave -> grave.id + " " + grave.message.reason + " "
                        + (grave.message.unknown ? "unknown" : Told.told(grave.message)))
                .toList();
    }

    private static List<Object> seen(List<?> reply) {
        List<String> graves = new ArrayList<>();
        for (Object each : (List<?>) reply.get(1)) {
            Buried grave = (Buried) each;
            boolean unknown = Told.text(grave.envelope().body()).startsWith("envelope of unknown version");
            graves.add(grave.position() + " " + grave.reason() + " "
                    + (unknown ? "unknown" : Told.told(grave.envelope())));
        }
        return List.of(reply.get(0), graves, reply.get(2), reply.get(3));
    }

    private QueueInfo info() {
        List<Model.Entry> waiting = model.claimable();
        String oldest = waiting.isEmpty() ? null : waiting.get(0).id;
        return new QueueInfo(
                queue.name(),
                model.waiting(),
                model.pending.size(),
                model.later.size(),
                model.dead.size(),
                model.counted("published"),
                model.counted("done"),
                model.counted("retried"),
                model.counted("recovered"),
                model.counted("refused"),
                model.counted("deleted"),
                model.counted("dropped"),
                model.counted("copies"),
                model.sessions.values().stream()
                        .filter(until -> until > model.now)
                        .count(),
                oldest == null ? null : Instant.ofEpochMilli(EntryIds.millis(oldest)));
    }
}
