package dev.hark.internal.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hark.Overflow;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.model.Model.Entry;
import dev.hark.internal.engine.model.Model.Later;
import dev.hark.internal.engine.model.Model.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What publishing does. */
final class Publishing {

    private final Model model;

    Publishing(Model model) {
        this.model = model;
    }

    PublishReply publish(Batch batch, List<Long> dues, @Nullable PublishReply reply) {
        model.used = true;
        Sender sender = model.senders.get(batch.sender());
        long lastSequence = sender == null ? 0 : sender.batch().sequence();
        if (sender != null && batch.sequence() == lastSequence) {
            if (!batch.nonce().equals(sender.batch().nonce())) {
                return new PublishReply.Cloned();
            }
            model.senders.put(
                    batch.sender(), new Sender(sender.batch(), sender.answer(), model.now + Model.SENDER_TTL));
            return sender.answer() instanceof PublishReply.Accepted first ? first.again() : sender.answer();
        }
        if (batch.sequence() != lastSequence + 1) {
            return new PublishReply.Gap(lastSequence);
        }
        long most = batch.settings().maxLength();
        boolean drops = batch.settings().overflow() == Overflow.DROP_OLDEST;
        long handedOut = model.handedOut();
        long room = Math.max(0, most - (model.stream.size() - handedOut) - model.later.size());
        if (most > 0 && !drops && batch.messages().size() > room) {
            PublishReply full = new PublishReply.Full((int) room);
            model.senders.put(batch.sender(), new Sender(batch, full, model.now + Model.SENDER_TTL));
            return full;
        }
        List<String> ids = reply instanceof PublishReply.Accepted given && !given.repeated()
                ? given.placed().stream().map(Placed::id).toList()
                : List.of();
        List<Placed> placed = new ArrayList<>();
        if (ids.size() != batch.messages().size()) {
            throw new AssertionError("expected that " + batch.messages().size() + " are accepted, but was " + reply);
        }
        for (int i = 0; i < ids.size(); i++) {
            Publication one = batch.messages().get(i);
            Message message = Message.own(one.meta(), new String(one.body(), UTF_8));
            message.id = ids.get(i);
            message.at = ids.get(i).replaceFirst("-.*", "");
            long due = model.now + dues.get(i);
            placed.add(new Placed(message.id, due > model.now ? Placed.How.LATER : Placed.How.READY));
            if (due > model.now) {
                model.move(message, Move.PUBLISH_LATER);
                String number = String.format("d%012d", model.counted("delayed"));
                if (!message.id.endsWith("-" + number)) {
                    throw new AssertionError("expected " + number + " in the id " + message.id);
                }
                model.hold(message, due, batch.nonce() + "-" + (i + 1));
            } else {
                model.move(message, Move.PUBLISH);
                model.exists = true;
                model.stream.add(new Entry(message.id, message));
                model.last = message.id; // also if it is dropped at once, so that nobody ever sees it in the stream
            }
        }
        if (most > 0) {
            makeRoom(most, handedOut);
        }
        PublishReply accepted = new PublishReply.Accepted(placed, false);
        model.senders.put(batch.sender(), new Sender(batch, accepted, model.now + Model.SENDER_TTL));
        return accepted;
    }

    /** What would be handed out next goes first: without a group, all that is not below the floor. */
    private void makeRoom(long most, long handedOut) {
        long over = Math.min(Model.MOST_DROPPED, model.stream.size() - handedOut + model.later.size() - most);
        List<Entry> next = model.group
                ? model.claimable()
                : model.stream.stream()
                        .filter(entry -> model.floor == null || !EntryIds.below(String.valueOf(entry.id), model.floor))
                        .toList();
        for (Entry entry : next) {
            if (over > 0) {
                drop(entry.message);
                model.stream.remove(entry);
                over--;
            }
        }
        model.dropLater = (int) Math.max(0, Math.min(over, model.later.size()));
    }

    private void drop(Message message) {
        switch (message.place) {
            case IN_FLIGHT -> model.move(message, Move.MAKE_ROOM_IN_FLIGHT);
            case DONE -> {
                model.move(message, Move.MAKE_ROOM_COPY);
                model.droppedCopies++;
            }
            case GONE -> model.count("dropped", 1); // its consumer was deleted, and its entry was not
            default -> model.move(message, Move.MAKE_ROOM);
        }
        if (message.foreign) {
            model.adopt();
        }
    }

    /** Drops one that is due later. */
    void drop(Later one) {
        model.later.remove(one);
        model.move(one.message(), Move.MAKE_ROOM_LATER);
    }

    void addForeign(String id, Map<String, String> fields) {
        Message message = Message.of(id, fields);
        model.move(message, Move.ADD);
        model.strangers++;
        model.used = true;
        model.exists = true;
        model.stream.add(new Entry(id, message));
    }
}
