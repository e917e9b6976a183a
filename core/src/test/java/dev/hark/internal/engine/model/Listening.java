package dev.hark.internal.engine.model;

import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.model.Model.Entry;
import dev.hark.internal.engine.model.Model.Held;
import dev.hark.internal.engine.model.Model.Later;
import dev.hark.internal.engine.model.Model.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What sessions do, but for settling, and what is promoted. */
final class Listening {

    private final Model model;

    Listening(Model model) {
        this.model = model;
    }

    /** How many settled entries are handed out again; -1 if no group was lost. */
    long open(String session) {
        long copies = -1;
        if (!model.group) {
            boolean restored = model.floor != null;
            String from = model.floor;
            if (from != null && (!model.exists || EntryIds.below(model.last, EntryIds.predecessor(from)))) {
                from = null;
            }
            model.delivered = from == null ? EntryIds.NONE : EntryIds.predecessor(from);
            model.group = true;
            model.exists = true;
            copies = 0;
            if (from != null) {
                long below = model.dropBelow(from);
                copies = Math.max(0, model.counted("listed") - below);
            }
            model.stats.put("listed", 0L);
            long counts = model.counted("copies") + copies;
            handOutAgain();
            if (model.counted("copies") + model.droppedCopies != counts && !model.meddled) {
                throw new AssertionError("copies " + model.counted("copies") + ", but by the formula " + counts);
            }
            model.stats.put("copies", counts);
            model.droppedCopies = 0;
            model.floor = from == null ? "0-1" : from;
            copies = restored ? Math.min(copies, model.stream.size()) : -1;
        }
        model.used = true;
        model.consumers.add(session);
        model.sessions.put(session, model.now + Model.LEASE);
        return copies;
    }

    private void handOutAgain() {
        for (Entry entry : model.stream) {
            switch (entry.message.place) {
                case IN_FLIGHT -> model.move(entry.message, Move.HAND_OUT_AGAIN);
                case DONE -> model.move(entry.message, Move.COPY);
                case GONE -> model.move(entry.message, Move.COME_BACK);
                default -> {}
            }
        }
    }

    /** What a session gets; null without a group. */
    @Nullable
    List<Entry> claim(String session, int max) {
        if (!model.group) {
            return null;
        }
        List<Entry> claimed = model.claimable().stream().limit(max).toList();
        for (Entry entry : claimed) {
            model.move(entry.message, Move.CLAIM);
            model.pending.put(entry.id, new Held(session, entry.message, model.now));
            model.delivered = entry.id;
        }
        if (!claimed.isEmpty()) {
            model.consumers.add(session);
        }
        return claimed;
    }

    Look sweep(String session, String cursor) {
        boolean alive = model.sessions.computeIfPresent(session, (name, old) -> model.now + Model.LEASE) != null;
        Set<String> lapsed = new TreeSet<>();
        model.sessions.forEach((name, until) -> {
            if (until <= model.now) {
                lapsed.add(name);
            }
        });
        if (model.redis && !model.group) {
            return new Look(alive, lapsed, List.of(), true);
        }
        if (model.consumers.size() > model.sessions.size()) {
            model.consumers.stream()
                    .filter(name -> !model.sessions.containsKey(name))
                    .forEach(lapsed::add);
        }
        List<String> held = new ArrayList<>();
        model.pending.forEach((id, by) -> {
            boolean after = cursor.isEmpty() || EntryIds.below(cursor, id);
            if (after && by.session().equals(session) && model.now - by.since() >= Model.LEASE) {
                held.add(id);
            }
        });
        if (model.redis && model.pending.isEmpty() && model.counted("listed") > 0) {
            model.floor = model.settledFloor();
            model.dropBelow(model.floor);
            model.stats.put("listed", 0L);
        }
        return new Look(alive, lapsed, held, !model.group);
    }

    /** How many are handed over, and whether there are more. */
    Map.Entry<Integer, Boolean> takeOver(String session, TakeoverMode mode, String what) {
        if (mode == TakeoverMode.LAPSED && model.sessions.getOrDefault(session, model.now) > model.now) {
            return Map.entry(0, false);
        }
        model.sessions.remove(session);
        List<String> all = new ArrayList<>();
        model.pending.forEach((id, held) -> {
            if (held.session().equals(session)) {
                all.add(id);
            }
        });
        List<String> some = all.subList(0, Math.min(200, all.size()));
        for (String id : some) {
            Message message = model.pending.get(id).message();
            boolean large = model.redis && message.large() && model.inStream(id);
            model.pending.remove(id);
            model.settled(id, message);
            if (model.redis && !model.inStream(id)) {
                model.move(message, Move.RECOVER_DELETED);
            } else {
                model.move(message, mode == TakeoverMode.LAPSED ? Move.RECOVER : Move.CLOSE, session, what);
                model.add(message);
            }
            if (large) {
                model.unlist(id);
            }
        }
        boolean more = all.size() > some.size();
        if (!more) {
            model.consumers.remove(session);
            model.answers.remove(session);
        }
        if (!more && model.redis && model.group && mode == TakeoverMode.CLOSED && model.counted("listed") > 0) {
            model.floor = model.settledFloor();
            model.count("listed", -model.dropBelow(model.floor));
            if (model.pending.isEmpty()) {
                model.stats.put("listed", 0L);
            }
        }
        return Map.entry(some.size(), more);
    }

    int promote() {
        List<Later> due = model.later.stream()
                .filter(one -> one.due() <= model.now)
                .limit(200)
                .toList();
        for (Later one : due) {
            model.later.remove(one);
            if (one.deleted()) {
                model.move(one.message(), Move.PROMOTE_DELETED);
            } else if (one.message().forged) {
                model.move(one.message(), Move.SET_ASIDE);
                model.strangers--;
                one.message().setAside(one.member());
                model.dead.add(new Entry(null, one.message()));
            } else {
                model.move(one.message(), Move.PROMOTE);
                model.add(one.message());
            }
        }
        return due.size();
    }
}
