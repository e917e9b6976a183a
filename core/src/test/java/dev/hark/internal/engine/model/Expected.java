package dev.hark.internal.engine.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The model as a store would show it. */
final class Expected {

    private final Model model;

    Expected(Model model) {
        this.model = model;
    }

    /** Takes over what only the store knows: ids, times, how much was trimmed, which of two that are due together is first. */
    void learn(Seen seen, long from, long to) {
        trim(seen.entries().size());
        dropLater(seen.later());
        bind(model.stream, seen.entries(), from, to);
        bind(model.dead, seen.dead(), from, to);
        for (Model.Entry entry : model.stream) {
            if (entry.id != null && EntryIds.below(model.last, entry.id)) {
                model.last = entry.id;
            }
        }
        List<Which> order = seen.later().stream().map(Which::of).toList();
        model.later.sort(Comparator.comparingLong(Model.Later::due).thenComparingInt(one -> order.indexOf(which(one))));
        for (Model.Later one : model.later) {
            int at = order.indexOf(which(one));
            if (at >= 0) {
                one.message().noted(seen.later().get(at).fields(), from, to);
            }
        }
    }

    /** Tells one that is due later from others, which in memory may have the same id. */
    private record Which(String member, long due, String body) {

        static Which of(Seen.Later seen) {
            int at = seen.fields().indexOf("body");
            return new Which(
                    seen.member(), seen.due(), at < 0 ? "" : seen.fields().get(at + 1));
        }
    }

    private Which which(Model.Later one) {
        return Which.of(shown(one));
    }

    private void trim(int left) {
        String below = model.trimmable;
        model.trimmable = null;
        for (int more = model.stream.size() - left; below != null && more > 0; more--) {
            String first = model.stream.get(0).id;
            if (first == null || !EntryIds.below(first, below)) {
                return;
            }
            model.stream.remove(0);
            model.count("listed", -1);
            model.trimmed++;
        }
    }

    /** Takes off those that are due first; of some that are due in the same minute, those that the store has taken off. */
    private void dropLater(List<Seen.Later> seen) {
        int drop = model.dropLater;
        model.dropLater = 0;
        List<Which> left = new ArrayList<>(seen.stream().map(Which::of).toList());
        List<Model.Later> missing = new ArrayList<>();
        for (Model.Later one : model.later.reversed()) {
            if (!left.remove(which(one))) {
                missing.add(0, one);
            }
        }
        for (; drop > 0; drop--) {
            Model.Later first = model.later.get(0);
            model.publishing.drop(missing.stream()
                    .filter(one -> one.due() == first.due())
                    .findFirst()
                    .map(one -> missing.remove(missing.indexOf(one)))
                    .orElse(first));
        }
    }

    private Seen.Later shown(Model.Later one) {
        return new Seen.Later(
                one.member(),
                one.due() - model.now,
                one.deleted() ? List.of() : one.message().fields(!model.redis));
    }

    private static void bind(List<Model.Entry> entries, List<Seen.Entry> seen, long from, long to) {
        String before = EntryIds.NONE;
        for (int i = 0; i < Math.min(entries.size(), seen.size()); i++) {
            Model.Entry entry = entries.get(i);
            Seen.Entry other = seen.get(i);
            if (entry.id == null && EntryIds.below(before, other.id())) {
                entry.id = other.id();
                entry.message.bound(other.id());
                entry.message.noted(other.fields(), from, to);
            }
            before = other.id();
        }
    }

    /** What is expected to be seen. */
    Seen seen() {
        List<Seen.Entry> entries = new ArrayList<>();
        model.stream.forEach(
                entry -> entries.add(new Seen.Entry(String.valueOf(entry.id), entry.message.fields(!model.redis))));
        Map<String, String> holders = new TreeMap<>(EntryIds.ORDER);
        model.pending.forEach((id, held) -> holders.put(id, held.session()));
        List<Seen.Later> due = new ArrayList<>();
        model.later.forEach(one -> due.add(shown(one)));
        List<Seen.Entry> graves = new ArrayList<>();
        model.dead.forEach(
                grave -> graves.add(new Seen.Entry(String.valueOf(grave.id), grave.message.deadFields(!model.redis))));
        Map<String, Long> leases = new TreeMap<>();
        model.sessions.forEach((session, until) -> leases.put(session, until - model.now));
        Map<String, String> replies = new TreeMap<>();
        model.answers.forEach((session, answer) -> replies.put(
                session,
                (answer.sequence() + " " + answer.refused() + " " + String.join(" ", answer.entries())).strip()));
        Map<String, String> figures = new TreeMap<>();
        model.stats.forEach((name, value) -> {
            if (value != 0) {
                figures.put(name, value.toString());
            }
        });
        if (model.redis && model.floor != null) {
            figures.put("floor", model.floor);
        }
        if (!model.redis) {
            figures.remove("listed");
        }
        Map<String, Seen.Sender> last = new LinkedHashMap<>();
        model.senders.forEach((name, one) -> last.put(
                name,
                new Seen.Sender(one.batch().sequence(), one.batch().nonce(), one.answer(), one.expires() - model.now)));
        return new Seen(
                entries,
                holders,
                model.group,
                model.redis && model.group ? model.delivered : null,
                Set.copyOf(model.consumers),
                due,
                graves,
                leases,
                replies,
                figures,
                last,
                model.config,
                Set.of());
    }
}
