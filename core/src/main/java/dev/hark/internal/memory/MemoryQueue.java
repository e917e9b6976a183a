package dev.hark.internal.memory;

import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Hint;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Promotion;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Configured;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.memory.MemoryStream.Active;
import dev.hark.internal.memory.MemoryStream.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One queue, with a method for each transition. Whoever uses it holds the store's lock. */
final class MemoryQueue {

    private static final int STEP_MESSAGES = 200;
    private static final int STEP_BYTES = 1 << 20;
    private static final int HELD_PAGE = 100;
    private static final int MOST_DROPPED = 1_000;

    private record Delayed(long dueMillis, String id, Payload payload) {}

    private final Address address;
    private final LongSupplier clock;
    private final Consumer<Hint> hints;

    private final MemoryStream ready = new MemoryStream();
    private final PriorityQueue<Delayed> later =
            new PriorityQueue<>(Comparator.comparingLong(Delayed::dueMillis).thenComparing(Delayed::id));
    private final Graveyard dead = new Graveyard();
    private final Senders senders = new Senders();
    private final Sessions sessions = new Sessions();

    private boolean opened;
    private long delayed;
    private long published;
    private long done;
    private long retried;
    private long recovered;
    private long refused;
    private long deleted;
    private long dropped;
    private QueueSettings settings = QueueSettings.NONE;
    private final Map<Setting<?>, Owner> owners = new HashMap<>(); // of settings that were set

    MemoryQueue(Address address, LongSupplier clock, Consumer<Hint> hints) {
        this.address = address;
        this.clock = clock;
        this.hints = hints;
    }

    // ---- publishing

    PublishReply publish(Batch batch) {
        long now = clock.getAsLong();
        return senders.take(batch, now, () -> {
            QueueSettings limit = batch.settings();
            long room = limit.maxLength() - ready.waiting() - later.size();
            if (limit.maxLength() > 0
                    && limit.overflow() != Overflow.DROP_OLDEST
                    && batch.messages().size() > room) {
                return new PublishReply.Full((int) Math.max(0, room));
            }
            Delayed earliest = later.peek();
            List<Placed> placed = batch.messages().stream()
                    .map(message -> accept(message, now))
                    .toList();
            published += placed.size();
            if (limit.maxLength() > 0) {
                makeRoom(limit.maxLength());
            }
            if (!Objects.equals(later.peek(), earliest)) {
                hints.accept(Hint.DUE);
            }
            return new PublishReply.Accepted(placed, false);
        });
    }

    /** Drops the oldest that waits, then what is due first. */
    private void makeRoom(long most) {
        for (int left = MOST_DROPPED; left > 0 && ready.waiting() + later.size() > most; left--) {
            Entry oldest = ready.drop();
            if (oldest == null) {
                later.remove();
            } else {
                published += oldest.payload().foreign() ? 1 : 0;
            }
            dropped++;
        }
    }

    QueueSettings settings() {
        return settings;
    }

    Configured configure(QueueSettings wanted, Owner owner) {
        QueueSettings before = owners.isEmpty() ? null : settings;
        Map<Setting<?>, Owner> ownersBefore = Map.copyOf(owners);
        QueueSettings valuesBefore = settings;
        for (Setting<?> setting : owner == Owner.OPERATOR ? wanted.named() : Setting.ALL) {
            if (owner == Owner.OPERATOR || owners.get(setting) != Owner.OPERATOR) {
                settings = settings.withText(setting, wanted.text(setting)).unnamed();
                owners.put(setting, owner);
            }
        }
        if (!settings.equals(valuesBefore) || !owners.equals(ownersBefore)) {
            hints.accept(Hint.SETTINGS);
        }
        return new Configured(before, settings);
    }

    private Placed accept(Publication message, long now) {
        long due = switch (message.due()) {
            case Publication.Due.Now() -> now;
            case Publication.Due.After(long millis) -> now + millis;
            case Publication.Due.At(long millis) -> millis;
        };
        boolean hold = due > now;
        // of fixed width: equal due times sort by id
        String id = hold
                ? String.format(Locale.ROOT, "%d-d%012d", now, ++delayed)
                : ready.nextId(now).toString();
        long at = hold ? now : ready.nextId(now).millis();
        Payload payload = new Payload.Message(new Envelope(id, at, 0, 0, message.meta(), "", message.body(), false));
        if (hold) {
            later.add(new Delayed(due, id, payload));
        } else {
            ready.add(payload, now);
        }
        return new Placed(id, hold ? Placed.How.LATER : Placed.How.READY);
    }

    void retire(String sender) {
        senders.forget(sender);
    }

    EntryId addForeign(Map<String, String> fields) {
        long now = clock.getAsLong();
        return ready.add(Payload.read(ready.nextId(now), fields), now);
    }

    // ---- listening

    boolean opened() {
        return opened;
    }

    void open(String session, long leaseMillis) {
        opened = true;
        long now = clock.getAsLong();
        sessions.moveLeases(now, leaseMillis); // or the new one would move with the others
        sessions.open(session, now, leaseMillis);
    }

    boolean waiting() {
        return ready.waiting() > 0;
    }

    List<Claimed> claim(String session, int max) {
        long now = clock.getAsLong();
        sessions.claims(session, now);
        return ready.claim(session, max, now).stream()
                .map(entry -> new Claimed(
                        address,
                        session,
                        entry.id().toString(),
                        entry.payload().content(),
                        entry.payload().bytes()))
                .toList();
    }

    SettleReply settle(SettleBatch batch) {
        SettleReply before = sessions.answered(batch);
        if (before != null) {
            return new SettleReply(before.refused(), before.refusedEntries(), true, untilDue());
        }
        List<String> late = new ArrayList<>(0);
        for (Settlement settlement : batch.settlements()) {
            Entry entry = ready.acknowledge(settlement.entry());
            if (entry == null) {
                late.add(settlement.entry());
            } else {
                apply(settlement, entry, batch.session());
            }
        }
        refused += late.size();
        SettleReply reply = new SettleReply(late.size(), List.copyOf(late), false, untilDue());
        sessions.answer(batch, reply);
        return reply;
    }

    private void apply(Settlement settlement, Entry entry, String session) {
        long now = clock.getAsLong();
        Payload payload = entry.payload();
        switch (settlement) {
            case Settlement.Done finished -> {
                done++;
                published += finished.foreign() ? 1 : 0;
            }
            case Settlement.Again(String id, long delay, String failure) -> {
                retried += failure != null ? 1 : 0;
                Payload next = failure != null ? payload.attempted(now, session, failure, false) : payload;
                handOver(entry, next, delay, now);
            }
            case Settlement.Bury bury -> bury(entry, bury.burnt(), session, bury.reason(), bury.reason());
            case Settlement.Lost lost -> lose(entry, lost, session, now);
        }
    }

    private void lose(Entry entry, Settlement.Lost lost, String session, long now) {
        Payload payload = entry.payload();
        if (payload instanceof Payload.Malformed) {
            bury(entry, true, session, Settlement.Lost.WHAT, Settlement.Lost.NO_MESSAGE);
        } else if (!payload.lostBefore()) {
            handOver(entry, payload.lost(now, session), 0, now);
        } else if (payload.attempts() + 1 < lost.mostAttempts()) {
            retried++;
            handOver(entry, payload.attempted(now, session, Settlement.Lost.WHAT, false), 0, now);
        } else {
            bury(entry, true, session, Settlement.Lost.WHAT, Settlement.Lost.AT_LAST);
        }
    }

    private void bury(Entry entry, boolean burnt, String session, String what, String reason) {
        long now = clock.getAsLong();
        Payload payload = entry.payload();
        published += payload.foreign() ? 1 : 0;
        Payload body = payload.buriable(entry.id()).adopted();
        dead.bury(burnt ? body.attempted(now, session, what, false) : body, reason, now);
    }

    /** Adds the message again, now or later. What has no body stays foreign until it is buried. */
    private void handOver(Entry entry, Payload payload, long delayMillis, long now) {
        published += entry.payload().foreign() && entry.payload() instanceof Payload.Message ? 1 : 0;
        if (delayMillis > 0) {
            later.add(new Delayed(now + delayMillis, payload.id(entry.id()), payload.adopted()));
        } else {
            ready.add(payload.adopted(), now);
        }
    }

    Sweep sweep(String session, long leaseMillis, String cursor) {
        long now = clock.getAsLong();
        boolean behind = !sessions.none() && sessions.moveLeases(now, leaseMillis);
        boolean alive = sessions.extend(session, now + leaseMillis);
        EntryId after = EntryId.read(cursor);
        List<String> held = ready.heldBy(session, after == null ? EntryId.NONE : after).stream()
                .filter(active -> behind || now - active.sinceMillis() >= leaseMillis)
                .limit(HELD_PAGE)
                .map(active -> active.entry().id().toString())
                .toList();
        String next = held.size() == HELD_PAGE ? held.get(HELD_PAGE - 1) : "";
        return new Sweep(alive, sessions.lapsed(now), held, next, untilDue(), !opened);
    }

    Takeover takeOver(String session, TakeoverMode mode) {
        long now = clock.getAsLong();
        String what = switch (mode) {
            case LAPSED -> "the session's lease lapsed: its process died, hung, or lost its connection";
            case CLOSED -> "the listener was closed before the handler ended";
        };
        if (mode == TakeoverMode.LAPSED && sessions.hasLease(session, now)) {
            return new Takeover(0, false);
        }
        // struck off first, so that it cannot come back between two steps
        sessions.strike(session);
        int moved = 0;
        long bytes = STEP_BYTES;
        for (Active active : ready.heldBy(session, EntryId.NONE)) {
            if (moved == STEP_MESSAGES || bytes <= 0) {
                break;
            }
            Entry entry = active.entry();
            ready.acknowledge(entry.id().toString());
            handOver(entry, entry.payload().attempted(now, session, what, mode == TakeoverMode.LAPSED), 0, now);
            bytes -= entry.payload().bytes();
            moved++;
        }
        recovered += moved;
        boolean more = ready.holds(session);
        if (!more) {
            sessions.forget(session);
        }
        return new Takeover(moved, more);
    }

    Promotion promote() {
        long now = clock.getAsLong();
        int moved = 0;
        long bytes = STEP_BYTES;
        for (Delayed next = later.peek(); next != null && next.dueMillis() <= now; next = later.peek()) {
            if (moved == STEP_MESSAGES || bytes <= 0) {
                break;
            }
            later.remove();
            ready.add(next.payload(), now);
            bytes -= next.payload().bytes();
            moved++;
        }
        return new Promotion(moved, untilDue());
    }

    private NextDue untilDue() {
        Delayed next = later.peek();
        return next == null ? NextDue.NONE : new NextDue.In(Math.max(0, next.dueMillis() - clock.getAsLong()));
    }

    // ---- looking and mending

    Graveyard dead() {
        return dead;
    }

    int revive(Collection<String> positions) {
        int revived = 0;
        for (String position : positions) {
            Payload payload = dead.exhume(position);
            if (payload != null) {
                ready.add(payload.revived(), clock.getAsLong());
                revived++;
            }
        }
        return revived;
    }

    int discard(Collection<String> positions) {
        int discarded = 0;
        for (String position : positions) {
            discarded += dead.exhume(position) == null ? 0 : 1;
        }
        deleted += discarded;
        return discarded;
    }

    QueueFacts examine() {
        long now = clock.getAsLong();
        EntryId oldest = ready.oldest();
        Delayed first = later.peek();
        long sinceAsked = sessions.sinceAsked(now);
        long silentSince = now - QueueFacts.GRACE.toMillis();
        return new QueueFacts(
                address.name(),
                "this process",
                settings().durability(),
                List.of(),
                List.of(),
                List.of(),
                false,
                ready.waiting(),
                ready.active(),
                later.size(),
                later.size(),
                sessions.leases(now),
                holders(sessions.lapsedBefore(silentSince)),
                holders(ready.holdersSince(silentSince).stream()
                        .filter(holder -> !sessions.alive(holder))
                        .toList()),
                oldest == null ? null : Duration.ofMillis(Math.max(0, now - oldest.millis())),
                first == null || first.dueMillis() > now ? null : Duration.ofMillis(now - first.dueMillis()),
                sinceAsked < 0 ? null : Duration.ofMillis(sinceAsked),
                QueueFacts.Settled.NONE,
                QueueFacts.Sum.EVEN);
    }

    private QueueFacts.Holders holders(List<String> names) {
        long messages = names.stream()
                .mapToLong(name -> ready.heldBy(name, EntryId.NONE).size())
                .sum();
        return new QueueFacts.Holders(names.size(), messages, names);
    }

    QueueInfo info() {
        EntryId oldest = ready.oldest();
        @Nullable Instant oldestAt = oldest == null ? null : Instant.ofEpochMilli(oldest.millis());
        return new QueueInfo(
                address.name(),
                ready.waiting(),
                ready.active(),
                later.size(),
                dead.size(),
                published,
                done,
                retried,
                recovered,
                refused,
                deleted,
                dropped,
                0,
                sessions.leases(clock.getAsLong()),
                oldestAt);
    }
}
