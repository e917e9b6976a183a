package dev.hark.internal.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Configured;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.Settlement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One queue, as plainly as it can be said: lists and maps, and a loop for each transition. Messages move only by
 * {@link #move}. Its clock counts minutes. Ids of entries that a store has made since are null until they are seen.
 */
final class Model {

    static final long MINUTE = 60_000;
    static final long LEASE = 2;
    static final long SENDER_TTL = 24 * 60;
    static final int TRIM_AT = 128;
    static final int LARGE = 1_024;

    /** Short sequences do not get there, nor to the bound in bytes, which the model leaves out. */
    static final int MOST_DROPPED = 1_000;

    /** An entry of a stream. */
    static final class Entry {
        @Nullable
        String id;

        final Message message;

        Entry(@Nullable String id, Message message) {
            this.id = id;
            this.message = message;
        }
    }

    /** An entry in the hands of a session. */
    record Held(String session, Message message, long since) {}

    /** A message that is due later. */
    record Later(String member, long due, Message message, boolean deleted) {}

    /** The last batch of a sender, and what it was answered first. */
    record Sender(Batch batch, PublishReply answer, long expires) {}

    /** What is answered to a batch of outcomes. */
    record Answer(long sequence, int refused, List<String> entries, boolean repeated) {}

    /** What a look over the queue finds. */
    record Look(boolean alive, Set<String> lapsed, List<String> held, boolean groupMissing) {}

    /** Whether settled entries stay in the stream for a while, which other hands can see and lose. */
    final boolean redis;

    long now;
    boolean exists;

    /** Whether anything was published to it, or it was opened: in memory there is no queue before. */
    private boolean used;

    boolean group;
    String delivered = EntryIds.NONE;
    String last = EntryIds.NONE;

    @Nullable
    String floor;

    final List<Entry> stream = new ArrayList<>();
    final Map<String, Held> pending = new TreeMap<>(EntryIds.ORDER);
    final Set<String> consumers = new TreeSet<>();
    List<Later> later = new ArrayList<>();
    final List<Entry> dead = new ArrayList<>();
    final Map<String, Long> sessions = new TreeMap<>();
    final Map<String, Answer> answers = new TreeMap<>();
    final Map<String, Long> stats = new TreeMap<>();
    final Map<String, Sender> senders = new TreeMap<>();
    final Map<String, String> config = new TreeMap<>();
    QueueSettings settings = QueueSettings.NONE;

    /** How many entries have been trimmed while others were settled. */
    long trimmed;

    /** How often each was made. */
    final Map<Move, Integer> moves = new EnumMap<>(Move.class);

    /** Messages of other programs that do not count as published yet, or never will. */
    long strangers;

    /** What settle.lua may trim: whole nodes of what is below this, however large they are. */
    @Nullable
    String trimmable;

    /** How many of those that are due first have been dropped: which, shows only in the store if they are due together. */
    int dropLater;

    /** How many copies were dropped while there was no group, which are counted when there is one again. */
    private long droppedCopies;

    /** Whether other hands have done what loses messages, or the figures of them. */
    boolean meddled;

    Model(boolean redis) {
        this.redis = redis;
    }

    // ---- how messages move

    private void move(Message message, Move move, @Nullable String session, String what) {
        if (message.place != move.from) {
            throw new AssertionError(move + " of a message that is " + message.place.word() + ": " + message.body);
        }
        boolean adopts = message.foreign
                && (move.to == Place.DEAD || !message.malformed)
                && (move.counters().contains("listed") && move != Move.FINISH);
        moves.merge(move, 1, Integer::sum);
        message.place = move.to;
        if (!message.unknown && (!message.malformed || move.to == Place.DEAD)) { // else its entry stays as it is
            message.attempts = move.attempts.of(message.attempts);
            message.recoveries = move.recoveries.of(message.recoveries);
            if (move.noted()) {
                message.note(
                        move == Move.LOSE ? message.attempts + 1 : message.attempts, String.valueOf(session), what);
            }
        }
        move.counters().forEach(counter -> count(counter, 1));
        if (adopts) {
            adopt();
        }
    }

    private void move(Message message, Move move) {
        move(message, move, null, "");
    }

    private void adopt() {
        count("published", 1);
        strangers--;
    }

    void count(String counter, long by) {
        stats.merge(counter, by, Long::sum);
    }

    long counted(String counter) {
        return stats.getOrDefault(counter, 0L);
    }

    private void add(Message message) {
        message.handedOver();
        stream.add(new Entry(null, message));
        exists = true;
    }

    /** Under its id, or with something unique after it. */
    private void hold(Message message, long due, String unique) {
        message.handedOver();
        String free = holds(message.id) ? message.id + "~" + unique : message.id;
        later.removeIf(one -> one.deleted() && one.member().equals(free));
        later.add(new Later(free, due, message, false));
        later.sort((a, b) -> Long.compare(a.due(), b.due()));
    }

    private boolean holds(String member) {
        return redis
                && later.stream().anyMatch(one -> !one.deleted() && one.member().equals(member));
    }

    // ---- publishing

    PublishReply publish(Batch batch, List<Long> dues, @Nullable PublishReply reply) {
        used = true;
        Sender sender = senders.get(batch.sender());
        long lastSequence = sender == null ? 0 : sender.batch().sequence();
        if (sender != null && batch.sequence() == lastSequence) {
            if (!batch.nonce().equals(sender.batch().nonce())) {
                return new PublishReply.Cloned();
            }
            senders.put(batch.sender(), new Sender(sender.batch(), sender.answer(), now + SENDER_TTL));
            return sender.answer() instanceof PublishReply.Accepted first ? first.again() : sender.answer();
        }
        if (batch.sequence() != lastSequence + 1) {
            return new PublishReply.Gap(lastSequence);
        }
        long most = batch.settings().maxLength();
        boolean drops = batch.settings().overflow() == Overflow.DROP_OLDEST;
        long handedOut = handedOut();
        long room = Math.max(0, most - (stream.size() - handedOut) - later.size());
        if (most > 0 && !drops && batch.messages().size() > room) {
            PublishReply full = new PublishReply.Full((int) room);
            senders.put(batch.sender(), new Sender(batch, full, now + SENDER_TTL));
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
            long due = now + dues.get(i);
            placed.add(new Placed(message.id, due > now ? Placed.How.LATER : Placed.How.READY));
            if (due > now) {
                move(message, Move.PUBLISH_LATER);
                String number = String.format("d%012d", counted("delayed"));
                if (!message.id.endsWith("-" + number)) {
                    throw new AssertionError("expected " + number + " in the id " + message.id);
                }
                hold(message, due, batch.nonce() + "-" + (i + 1));
            } else {
                move(message, Move.PUBLISH);
                exists = true;
                stream.add(new Entry(message.id, message));
                last = message.id; // also if it is dropped at once, so that nobody ever sees it in the stream
            }
        }
        if (most > 0) {
            makeRoom(most, handedOut);
        }
        PublishReply accepted = new PublishReply.Accepted(placed, false);
        senders.put(batch.sender(), new Sender(batch, accepted, now + SENDER_TTL));
        return accepted;
    }

    /** What would be handed out next goes first: without a group, all that is not below the floor. */
    private void makeRoom(long most, long handedOut) {
        long over = Math.min(MOST_DROPPED, stream.size() - handedOut + later.size() - most);
        List<Entry> next = group
                ? claimable()
                : stream.stream()
                        .filter(entry -> floor == null || !EntryIds.below(String.valueOf(entry.id), floor))
                        .toList();
        for (Entry entry : next) {
            if (over > 0) {
                drop(entry.message);
                stream.remove(entry);
                over--;
            }
        }
        dropLater = (int) Math.max(0, Math.min(over, later.size()));
    }

    private void drop(Message message) {
        switch (message.place) {
            case IN_FLIGHT -> move(message, Move.MAKE_ROOM_IN_FLIGHT);
            case DONE -> {
                move(message, Move.MAKE_ROOM_COPY);
                droppedCopies++;
            }
            case GONE -> count("dropped", 1); // its consumer was deleted, and its entry was not
            default -> move(message, Move.MAKE_ROOM);
        }
        if (message.foreign) {
            adopt();
        }
    }

    /** Drops one that is due later. */
    void drop(Later one) {
        later.remove(one);
        move(one.message(), Move.MAKE_ROOM_LATER);
    }

    Configured configure(QueueSettings wanted, Owner owner) {
        used = true;
        QueueSettings before = config.isEmpty() ? null : settings;
        for (Setting<?> setting : Setting.ALL) {
            String by = "by:" + setting.name();
            if (owner == Owner.OPERATOR ? wanted.named().contains(setting) : !"operator".equals(config.get(by))) {
                settings = settings.withText(setting, wanted.text(setting));
                config.put(setting.name(), wanted.text(setting));
                config.put(by, owner == Owner.OPERATOR ? "operator" : "code");
            }
        }
        return new Configured(before, settings);
    }

    void addForeign(String id, Map<String, String> fields) {
        Message message = Message.of(id, fields);
        move(message, Move.ADD);
        strangers++;
        used = true;
        exists = true;
        stream.add(new Entry(id, message));
    }

    // ---- listening

    /** How many settled entries are handed out again; -1 if no group was lost. */
    long open(String session) {
        long copies = -1;
        if (!group) {
            boolean restored = floor != null;
            String from = floor;
            if (from != null && (!exists || EntryIds.below(last, EntryIds.predecessor(from)))) {
                from = null;
            }
            delivered = from == null ? EntryIds.NONE : EntryIds.predecessor(from);
            group = true;
            exists = true;
            copies = 0;
            if (from != null) {
                long below = dropBelow(from);
                copies = Math.max(0, counted("listed") - below);
            }
            stats.put("listed", 0L);
            long counts = counted("copies") + copies;
            handOutAgain();
            if (counted("copies") + droppedCopies != counts && !meddled) {
                throw new AssertionError("copies " + counted("copies") + ", but by the formula " + counts);
            }
            stats.put("copies", counts);
            droppedCopies = 0;
            floor = from == null ? "0-1" : from;
            copies = restored ? Math.min(copies, stream.size()) : -1;
        }
        used = true;
        consumers.add(session);
        sessions.put(session, now + LEASE);
        return copies;
    }

    private void handOutAgain() {
        for (Entry entry : stream) {
            switch (entry.message.place) {
                case IN_FLIGHT -> move(entry.message, Move.HAND_OUT_AGAIN);
                case DONE -> move(entry.message, Move.COPY);
                case GONE -> move(entry.message, Move.COME_BACK);
                default -> {}
            }
        }
    }

    /** Entries that can be claimed. */
    List<Entry> claimable() {
        return stream.stream()
                .filter(entry -> entry.id != null && EntryIds.below(delivered, entry.id))
                .toList();
    }

    /** What a session gets; null without a group. */
    @Nullable
    List<Entry> claim(String session, int max) {
        if (!group) {
            return null;
        }
        List<Entry> claimed = claimable().stream().limit(max).toList();
        for (Entry entry : claimed) {
            move(entry.message, Move.CLAIM);
            pending.put(entry.id, new Held(session, entry.message, now));
            delivered = entry.id;
        }
        if (!claimed.isEmpty()) {
            consumers.add(session);
        }
        return claimed;
    }

    Answer settle(SettleBatch batch) {
        Answer before = answers.get(batch.session());
        if (before != null && before.sequence() == batch.sequence()) {
            return new Answer(before.sequence(), before.refused(), before.entries(), true);
        }
        boolean alive = sessions.containsKey(batch.session());
        int refused = 0;
        List<String> told = new ArrayList<>();
        long listedBefore = counted("listed");
        for (Settlement settlement : batch.settlements()) {
            Held held = pending.remove(settlement.entry());
            if (held == null) {
                refused++;
                boolean bulk = settlement instanceof Settlement.Done done && done.bytes() < LARGE;
                if (!redis || !alive || !bulk) {
                    told.add(settlement.entry());
                }
            } else {
                boolean large = settlement instanceof Settlement.Done done
                        ? done.bytes() >= LARGE
                        : held.message().large() && inStream(settlement.entry());
                settled(settlement.entry(), held.message());
                apply(settlement, held.message(), batch.session());
                if (large) {
                    unlist(settlement.entry());
                }
            }
        }
        if (refused > 0 && (redis || used)) {
            count("refused", refused);
        }
        if (redis && group && counted("listed") > listedBefore && counted("listed") >= TRIM_AT) {
            trimmable = floor = settledFloor();
        }
        Answer answer = new Answer(batch.sequence(), refused, told, false);
        if (alive) {
            answers.put(batch.session(), answer);
        }
        return answer;
    }

    /** The entry stays as it is for a while, whatever becomes of its message. */
    private void settled(String id, Message message) {
        Message before = message.copy();
        stream.replaceAll(entry -> id.equals(entry.id) ? new Entry(id, before) : entry);
        if (!redis) {
            stream.removeIf(entry -> id.equals(entry.id));
        }
    }

    /** What is large does not wait until it is trimmed. */
    private void unlist(String id) {
        count("listed", -1);
        stream.removeIf(entry -> id.equals(entry.id));
    }

    private boolean inStream(String id) {
        return stream.stream().anyMatch(entry -> id.equals(entry.id));
    }

    private void apply(Settlement settlement, Message message, String session) {
        if (settlement instanceof Settlement.Done(String entry, boolean foreign, int bytes)) {
            move(message, Move.FINISH);
            if (foreign) {
                adopt();
            }
        } else if (redis && !inStream(settlement.entry())) {
            move(message, Move.SETTLE_DELETED);
        } else {
            switch (settlement) {
                case Settlement.Again(String entry, long delay, String failure)
                when failure != null -> {
                    move(message, delay > 0 ? Move.RETRY_LATER : Move.RETRY, session, failure);
                    put(message, delay, session + "-" + entry);
                }
                case Settlement.Again again -> giveBack(message, again.delayMillis(), session + "-" + again.entry());
                case Settlement.Bury(String entry, String reason, boolean burnt) ->
                    bury(message, burnt ? Move.BURY : Move.BURY_UNBURNT, session, reason, reason);
                case Settlement.Lost(String entry, int most) -> lose(message, most, session);
                default -> throw new AssertionError(settlement);
            }
        }
    }

    private void bury(Message message, Move move, String session, String what, String reason) {
        move(message, move, session, what);
        message.buried(reason);
        dead.add(new Entry(null, message));
    }

    private void lose(Message message, int most, String session) {
        if (message.unknown) {
            giveBack(message, 0, "");
        } else if (message.malformed) {
            bury(message, Move.BURY, session, Settlement.Lost.WHAT, Settlement.Lost.NO_MESSAGE);
        } else if (!message.lostBefore()) {
            move(message, Move.LOSE, session, Settlement.Lost.WHAT);
            add(message);
        } else if (message.attempts + 1 < most) {
            move(message, Move.LOSE_AGAIN, session, Settlement.Lost.WHAT);
            add(message);
        } else {
            bury(message, Move.LOSE_AT_LAST, session, Settlement.Lost.WHAT, Settlement.Lost.AT_LAST);
        }
    }

    private void giveBack(Message message, long delay, String unique) {
        move(message, delay > 0 ? Move.PUT_OFF : Move.GIVE_BACK);
        put(message, delay, unique);
    }

    private void put(Message message, long delay, String unique) {
        if (delay > 0) {
            hold(message, now + delay / MINUTE, unique);
        } else {
            add(message);
        }
    }

    /** Every entry below it has been handed out and settled. */
    private String settledFloor() {
        return pending.isEmpty()
                ? EntryIds.successor(delivered)
                : pending.keySet().iterator().next();
    }

    private long dropBelow(String id) {
        long before = stream.size();
        stream.removeIf(entry -> entry.id != null && EntryIds.below(entry.id, id));
        return before - stream.size();
    }

    Look sweep(String session, String cursor) {
        boolean alive = sessions.computeIfPresent(session, (name, old) -> now + LEASE) != null;
        Set<String> lapsed = new TreeSet<>();
        sessions.forEach((name, until) -> {
            if (until <= now) {
                lapsed.add(name);
            }
        });
        if (redis && !group) {
            return new Look(alive, lapsed, List.of(), true);
        }
        if (consumers.size() > sessions.size()) {
            consumers.stream().filter(name -> !sessions.containsKey(name)).forEach(lapsed::add);
        }
        List<String> held = new ArrayList<>();
        pending.forEach((id, by) -> {
            boolean after = cursor.isEmpty() || EntryIds.below(cursor, id);
            if (after && by.session().equals(session) && now - by.since() >= LEASE) {
                held.add(id);
            }
        });
        if (redis && pending.isEmpty() && counted("listed") > 0) {
            floor = settledFloor();
            dropBelow(floor);
            stats.put("listed", 0L);
        }
        return new Look(alive, lapsed, held, !group);
    }

    /** How many are handed over, and whether there are more. */
    Map.Entry<Integer, Boolean> takeOver(String session, TakeoverMode mode, String what) {
        if (mode == TakeoverMode.LAPSED && sessions.getOrDefault(session, now) > now) {
            return Map.entry(0, false);
        }
        sessions.remove(session);
        List<String> all = new ArrayList<>();
        pending.forEach((id, held) -> {
            if (held.session().equals(session)) {
                all.add(id);
            }
        });
        List<String> some = all.subList(0, Math.min(200, all.size()));
        for (String id : some) {
            Message message = pending.get(id).message();
            boolean large = redis && message.large() && inStream(id);
            pending.remove(id);
            settled(id, message);
            if (redis && !inStream(id)) {
                move(message, Move.RECOVER_DELETED);
            } else {
                move(message, mode == TakeoverMode.LAPSED ? Move.RECOVER : Move.CLOSE, session, what);
                add(message);
            }
            if (large) {
                unlist(id);
            }
        }
        boolean more = all.size() > some.size();
        if (!more) {
            consumers.remove(session);
            answers.remove(session);
        }
        if (!more && redis && group && mode == TakeoverMode.CLOSED && counted("listed") > 0) {
            floor = settledFloor();
            count("listed", -dropBelow(floor));
            if (pending.isEmpty()) {
                stats.put("listed", 0L);
            }
        }
        return Map.entry(some.size(), more);
    }

    int promote() {
        List<Later> due =
                later.stream().filter(one -> one.due() <= now).limit(200).toList();
        for (Later one : due) {
            later.remove(one);
            if (one.deleted()) {
                move(one.message(), Move.PROMOTE_DELETED);
            } else if (one.message().forged) {
                move(one.message(), Move.SET_ASIDE);
                strangers--;
                one.message().setAside(one.member());
                dead.add(new Entry(null, one.message()));
            } else {
                move(one.message(), Move.PROMOTE);
                add(one.message());
            }
        }
        return due.size();
    }

    // ---- looking and mending

    int revive(Collection<String> positions) {
        int revived = 0;
        for (String position : positions) {
            for (Entry grave : List.copyOf(dead)) {
                if (position.equals(grave.id)) {
                    dead.remove(grave);
                    move(grave.message, Move.REVIVE);
                    add(grave.message);
                    revived++;
                }
            }
        }
        return revived;
    }

    int discard(Collection<String> positions) {
        int discarded = 0;
        for (Entry grave : List.copyOf(dead)) {
            if (positions.contains(String.valueOf(grave.id))) {
                dead.remove(grave);
                move(grave.message, Move.DISCARD);
                discarded++;
            }
        }
        return discarded;
    }

    /** How many entries do not wait, however wrong the counter of settled ones is. */
    private long handedOut() {
        if (!redis) {
            return stream.size() - waiting();
        }
        long notHeld = (long) stream.size() - pending.size();
        return pending.size() + Math.clamp(counted("listed"), 0L, Math.max(0L, notHeld));
    }

    long waiting() {
        return redis
                ? stream.size() - pending.size() - counted("listed")
                : claimable().size();
    }

    /** What is wrong with the figures, as long as nobody has meddled with them; empty if nothing is. */
    String imbalance() {
        long in = counted("published") + counted("copies") + strangers;
        long out = counted("done")
                + waiting()
                + later.size()
                + pending.size()
                + dead.size()
                + counted("deleted")
                + counted("dropped");
        if (meddled || (in == out && (!group || waiting() == claimable().size()))) {
            return "";
        }
        return in + " messages came in, " + out + " are somewhere, " + waiting() + " waiting of "
                + claimable().size();
    }

    /** Whether a lost group has made copies. */
    boolean copied() {
        return counted("copies") > 0;
    }

    // ---- other hands

    void age(long minutes) {
        now += minutes;
        senders.values().removeIf(sender -> sender.expires() <= now);
        // what is held and deleted cannot be made older
        pending.replaceAll((id, held) ->
                !redis || inStream(id) ? held : new Held(held.session(), held.message(), held.since() + minutes));
    }

    void delete(Collection<String> ids) {
        for (String id : ids) {
            for (Entry entry : stream) {
                if (id.equals(entry.id)) {
                    gone(entry);
                }
            }
            stream.removeIf(entry -> id.equals(entry.id));
        }
        meddled = true;
    }

    private void gone(Entry entry) {
        if (entry.message.place == Place.WAITING) {
            move(entry.message, Move.REMOVE);
        } else if (entry.message.place == Place.IN_FLIGHT && !pending.containsKey(entry.id)) {
            move(entry.message, Move.DROP);
        }
    }

    void deleteStream() {
        loseGroup();
        delete(stream.stream().map(entry -> String.valueOf(entry.id)).toList());
        exists = false;
        last = EntryIds.NONE;
    }

    void deleteConsumer(String session) {
        for (String id : List.copyOf(pending.keySet())) {
            if (pending.get(id).session().equals(session)) {
                move(pending.remove(id).message(), Move.DROP);
            }
        }
        consumers.remove(session);
        meddled = true;
    }

    void loseGroup() {
        pending.forEach((id, held) -> {
            if (!inStream(id)) {
                move(held.message(), Move.DROP);
            }
        });
        pending.clear();
        consumers.clear();
        group = false;
        delivered = EntryIds.NONE;
    }

    /** Something that is no message, put among those that are due later. */
    void forge(String member, String content, long due) {
        Message message = Message.forged(content);
        move(message, Move.FORGE);
        strangers++;
        later.add(new Later(member, due, message, false));
        later.sort((a, b) -> Long.compare(a.due(), b.due()));
    }

    void deleteHeld(Later victim) {
        later.replaceAll(one -> one.equals(victim) ? new Later(one.member(), one.due(), one.message(), true) : one);
        meddled = true;
    }
}
