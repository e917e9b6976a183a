package dev.hark.internal.engine.model;

import dev.hark.internal.engine.model.Model.Entry;
import dev.hark.internal.engine.model.Model.Held;
import dev.hark.internal.engine.model.Model.Later;
import java.util.Collection;
import java.util.List;

/** What time does, and whoever writes to the keys without Hark. */
final class OtherHands {

    private final Model model;

    OtherHands(Model model) {
        this.model = model;
    }

    void age(long minutes) {
        model.now += minutes;
        model.senders.values().removeIf(sender -> sender.expires() <= model.now);
        // what is held and deleted cannot be made older
        model.pending.replaceAll((id, held) -> !model.redis || model.inStream(id)
                ? held
                : new Held(held.session(), held.message(), held.since() + minutes));
    }

    void delete(Collection<String> ids) {
        for (String id : ids) {
            for (Entry entry : model.stream) {
                if (id.equals(entry.id)) {
                    gone(entry);
                }
            }
            model.stream.removeIf(entry -> id.equals(entry.id));
        }
        model.meddled = true;
    }

    private void gone(Entry entry) {
        if (entry.message.place == Place.WAITING) {
            model.move(entry.message, Move.REMOVE);
        } else if (entry.message.place == Place.IN_FLIGHT && !model.pending.containsKey(entry.id)) {
            model.move(entry.message, Move.DROP);
        }
    }

    void deleteStream() {
        loseGroup();
        delete(model.stream.stream().map(entry -> String.valueOf(entry.id)).toList());
        model.exists = false;
        model.last = EntryIds.NONE;
    }

    void deleteConsumer(String session) {
        for (String id : List.copyOf(model.pending.keySet())) {
            if (model.pending.get(id).session().equals(session)) {
                model.move(model.pending.remove(id).message(), Move.DROP);
            }
        }
        model.consumers.remove(session);
        model.meddled = true;
    }

    void loseGroup() {
        model.pending.forEach((id, held) -> {
            if (!model.inStream(id)) {
                model.move(held.message(), Move.DROP);
            }
        });
        model.pending.clear();
        model.consumers.clear();
        model.group = false;
        model.delivered = EntryIds.NONE;
    }

    /** Something that is no message, put among those that are due later. */
    void forge(String member, String content, long due) {
        Message message = Message.forged(content);
        model.move(message, Move.FORGE);
        model.strangers++;
        model.later.add(new Later(member, due, message, false));
        model.later.sort((a, b) -> Long.compare(a.due(), b.due()));
    }

    void deleteHeld(Later victim) {
        model.later.replaceAll(
                one -> one.equals(victim) ? new Later(one.member(), one.due(), one.message(), true) : one);
        model.meddled = true;
    }
}
