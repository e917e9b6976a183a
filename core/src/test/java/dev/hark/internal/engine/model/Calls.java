package dev.hark.internal.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hark.Durability;
import dev.hark.Overflow;
import dev.hark.QueueInfo;
import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.internal.engine.InspectStore.Buried;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.message.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the calls of the store: what they are about is drawn at random from what is there. */
final class Calls {

    static final List<String> SENDERS = List.of("p", "q");
    static final List<Step.Kind> TRANSITIONS = List.of(
            Step.Kind.PUBLISH,
            Step.Kind.PUBLISH_LIMITED,
            Step.Kind.PUBLISH_AGAIN,
            Step.Kind.OPEN,
            Step.Kind.CLAIM,
            Step.Kind.CLAIM_BY_SCRIPT,
            Step.Kind.SETTLE,
            Step.Kind.SWEEP,
            Step.Kind.TAKE_OVER,
            Step.Kind.PROMOTE,
            Step.Kind.REVIVE,
            Step.Kind.DISCARD,
            Step.Kind.CONFIGURE,
            Step.Kind.LOOK);

    /** A body that Hark, or another program, gave a message. */
    static final Pattern BODY = Pattern.compile("[mx]\\d+");

    private static final List<String> SESSIONS = List.of("a", "b", "c");
    private static final String STRANGER = "never-opened";
    private static final Duration LEASE = Duration.ofMillis(Model.LEASE * Model.MINUTE);
    private static final String LAPSED = "the session's lease lapsed: its process died, hung, or lost its connection";
    private static final String CLOSED = "the listener was closed before the handler ended";
    private static final int BULK = 140;

    /** With the second, an entry is a large one. */
    private static final List<String> METAS = List.of("{\"type\":\"t\"}", "{\"type\":\"" + "t".repeat(1_000) + "\"}");

    private final Store store;
    private final String queue;
    private final ClaimSource one;
    private final ClaimSource several;
    private final Model model;
    private final LongSupplier clock;

    private final Map<String, List<Batch>> published = new HashMap<>();
    private final Map<String, SettleBatch> sent = new HashMap<>();
    private int bodies;
    private int sequences;
    private String claimer = "";

    Calls(Store store, String queue, ClaimSource one, ClaimSource several, Model model, LongSupplier clock) {
        this.store = store;
        this.queue = queue;
        this.one = one;
        this.several = several;
        this.model = model;
        this.clock = clock;
    }

    /** The call of a step; null if there is nothing to do it to. */
    @Nullable
    Call of(Step.Kind kind, Random random) {
        return switch (kind) {
            case PUBLISH -> publish(random, 1 + random.nextInt(4), QueueSettings.NONE);
            case PUBLISH_LIMITED -> publish(random, 1 + random.nextInt(4), limit(random));
            case PUBLISH_AGAIN -> publishAgain(random);
            case RETIRE -> retire(random);
            case OPEN -> open(pick(SESSIONS, random));
            case CLAIM -> claim(one, Set.of("ready"), anybody(random), 1 + random.nextInt(4));
            case CLAIM_BY_SCRIPT -> claim(several, Set.of("ready", "stats"), anybody(random), 1 + random.nextInt(4));
            case SETTLE -> settle(random);
            case SETTLE_AGAIN -> settleAgain(random);
            case SWEEP -> sweep(anybody(random), random);
            case TAKE_OVER -> takeOver(anybody(random), pick(List.of(TakeoverMode.values()), random));
            case PROMOTE -> promote();
            case REVIVE -> revive(positions(random));
            case DISCARD -> discard(positions(random));
            case CONFIGURE -> configure(random);
            case LOOK -> look();
            case BULK -> publish(random, BULK, QueueSettings.NONE);
            case CLAIM_ALL -> claim(one, Set.of("ready"), pick(SESSIONS, random), 500);
            case SETTLE_ALL -> settleAll(pick(SESSIONS, random));
            default -> null;
        };
    }

    private static String anybody(Random random) {
        return random.nextInt(12) == 0 ? STRANGER : pick(SESSIONS, random);
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    /** Who has claimed since this was asked last, if the store has noticed it. */
    List<String> claimer(Seen seen) {
        String last = claimer;
        claimer = "";
        return seen.consumers().contains(last) ? List.of(last) : List.of();
    }

    // ---- publishing

    private Call publish(Random random, int count, QueueSettings settings) {
        String sender = pick(SENDERS, random);
        Model.Sender last = model.senders.get(sender);
        List<Publication> messages = new ArrayList<>();
        List<Long> dues = new ArrayList<>();
        boolean plain = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            String meta = plain || random.nextBoolean() ? "" : pick(METAS, random);
            long due = plain || random.nextBoolean() ? 0 : random.nextInt(6) - 2;
            Publication.Due when = due == 0
                    ? Publication.NOW
                    : due < 0 || random.nextBoolean()
                            ? new Publication.Due.At(clock.getAsLong() + due * Model.MINUTE)
                            : new Publication.Due.After(due * Model.MINUTE);
            messages.add(new Publication(when, meta, ("m" + ++bodies).getBytes(UTF_8)));
            dues.add(due);
        }
        long sequence = last == null ? 1 : last.batch().sequence() + 1;
        Batch batch = new Batch(queue, sender, sequence, "n" + bodies, messages, settings);
        published.computeIfAbsent(sender, name -> new ArrayList<>()).add(batch);
        return publish(batch, dues);
    }

    /** What is set, as a rule, or what was set when the sender asked last. */
    private QueueSettings limit(Random random) {
        return model.settings.maxLength() > 0 && random.nextBoolean()
                ? model.settings
                : settings(1 + random.nextInt(9), random);
    }

    private static QueueSettings settings(long most, Random random) {
        return QueueSettings.NONE
                .maxLength(most)
                .overflow(pick(List.of(Overflow.values()), random))
                .durability(pick(List.of(Durability.MEMORY, Durability.FSYNCED), random))
                .strict(random.nextBoolean());
    }

    private @Nullable Call publishAgain(Random random) {
        String sender = pick(SENDERS, random);
        Model.Sender last = model.senders.get(sender);
        if (last == null) {
            return null;
        }
        Batch batch = last.batch();
        return publish(
                switch (random.nextInt(5)) {
                    case 0 -> with(batch, batch.sequence(), "another");
                    case 1 -> with(batch, batch.sequence() + 2, "gap");
                    case 2 -> late(sender, batch, random);
                    default -> batch;
                },
                List.of());
    }

    /** One that was sent before, and is not the next by chance. */
    private Batch late(String sender, Batch last, Random random) {
        Batch earlier = pick(published.getOrDefault(sender, List.of(last)), random);
        return earlier.sequence() <= last.sequence() ? earlier : last;
    }

    private static Batch with(Batch batch, long sequence, String nonce) {
        return new Batch(batch.queue(), batch.sender(), sequence, nonce, batch.messages(), batch.settings());
    }

    private Call publish(Batch batch, List<Long> dues) {
        Set<String> needs = new TreeSet<>(Set.of("sender:" + batch.sender()));
        boolean limited = batch.settings().maxLength() > 0;
        if (!dues.isEmpty()) { // the next one: only then are they looked at
            needs.addAll(Set.of("ready", "stats"));
            if (limited
                    || batch.messages().stream().anyMatch(message -> !(message.due() instanceof Publication.Due.Now))) {
                needs.addAll(Set.of("later", "held"));
            }
        }
        return new Call(
                "publish " + batch.sequence() + " " + batch.nonce() + " of " + batch.sender() + ": "
                        + batch.messages().stream()
                                .map(message -> text(message.body()) + " " + message.due())
                                .toList()
                        + (limited ? " " + batch.settings() : ""),
                needs,
                () -> store.publish(batch),
                reply -> Call.same(model.publish(batch, dues, (PublishReply) reply), reply));
    }

    private Call configure(Random random) {
        Owner owner = random.nextInt(3) == 0 ? Owner.OPERATOR : Owner.CODE;
        QueueSettings wanted = random.nextInt(3) == 0 ? model.settings : some(random);
        return new Call(
                "configure " + wanted + " by " + owner,
                Set.of("config"),
                () -> store.configure(queue, wanted, owner),
                reply -> Call.same(model.configure(wanted, owner), reply));
    }

    /** Names some of all settings. */
    private static QueueSettings some(Random random) {
        QueueSettings settings = QueueSettings.NONE;
        for (Setting<?> setting : Setting.ALL) {
            if (random.nextBoolean()) {
                settings = settings.withText(setting, value(setting.byDefault(), random));
            }
        }
        return settings;
    }

    /** Any value of the same kind, as text. */
    private static String value(Object byDefault, Random random) {
        return switch (byDefault) {
            case Long number -> "" + random.nextInt(10);
            case Boolean flag -> "" + random.nextBoolean();
            case Overflow overflow -> pick(List.of("reject", "block", "drop_oldest"), random);
            case Durability durability -> pick(List.of("memory", "fsynced"), random);
            default -> throw new AssertionError("say here what values there are of " + byDefault.getClass());
        };
    }

    private Call retire(Random random) {
        String sender = pick(SENDERS, random);
        return new Call(
                "retire " + sender,
                Set.of(),
                () -> {
                    store.retire(queue, sender);
                    return "";
                },
                reply -> model.senders.remove(sender));
    }

    // ---- listening

    private Call open(String session) {
        return new Call("open " + session, ModelRig.KEYS, () -> store.open(queue, session, LEASE), reply -> {
            long copies = model.open(session);
            Call.same(new ListenStore.Opened(copies >= 0, Math.max(0, copies)), reply);
        });
    }

    private Call claim(ClaimSource source, Set<String> needs, String session, int max) {
        return new Call(
                "claim " + max + " for " + session, needs, () -> source.claim(session, max, Duration.ZERO), reply -> {
                    List<Model.Entry> expected = model.claim(session, max);
                    claimer = model.group ? session : "";
                    Call.same(String.valueOf(expected == null ? null : told(expected)), String.valueOf(claimed(reply)));
                });
    }

    private static List<String> told(List<Model.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.id + " " + told(entry.message))
                .toList();
    }

    private static String told(Message m) {
        return m.unknown
                ? "unknown"
                : m.malformed
                        ? "illegible"
                        : m.id + " " + m.at + " " + m.attempts + " " + m.recoveries + " " + m.meta + " "
                                + String.join("\n", m.log) + " " + m.body + " " + m.foreign;
    }

    private static String told(Envelope e) {
        return e.id() + " " + e.publishedAtMillis() + " " + e.attempts() + " " + e.recoveries() + " " + e.meta() + " "
                + e.log() + " " + text(e.body()) + " " + e.foreign();
    }

    private static @Nullable List<String> claimed(@Nullable Object reply) {
        return reply instanceof List<?> claimed
                ? claimed.stream().map(one -> claimed((Claimed) one)).toList()
                : null;
    }

    private static String claimed(Claimed claimed) {
        return claimed.entry() + " "
                + switch (claimed.content()) {
                    case Content.Unknown unknown -> "unknown";
                    case Content.Illegible illegible -> "illegible";
                    case Content.Legible(Envelope envelope) -> told(envelope);
                };
    }

    private Call settle(Random random) {
        String session = anybody(random);
        List<Settlement> done = new ArrayList<>();
        List<Settlement> doneForeign = new ArrayList<>();
        List<Settlement> large = new ArrayList<>();
        List<Settlement> largeForeign = new ArrayList<>();
        List<Settlement> others = new ArrayList<>();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            String entry = entry(session, random);
            boolean foreign =
                    model.pending.containsKey(entry) && model.pending.get(entry).message().foreign;
            long delay = Math.max(0, random.nextInt(5) - 1) * Model.MINUTE;
            int bytes = model.pending.containsKey(entry)
                            && model.pending.get(entry).message().large()
                    ? Model.LARGE
                    : 0;
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    List<Settlement> kind =
                            bytes == 0 ? (foreign ? doneForeign : done) : (foreign ? largeForeign : large);
                    kind.add(new Settlement.Done(entry, foreign, bytes));
                }
                case 3, 4 -> others.add(new Settlement.Again(entry, delay, "failed"));
                case 5 -> others.add(new Settlement.Again(entry, delay));
                case 6 -> others.add(new Settlement.Again(entry));
                case 7 -> others.add(new Settlement.Again(entry, delay));
                case 8 -> others.add(new Settlement.Bury(entry, "given up", true));
                case 9, 10 -> others.add(new Settlement.Lost(entry, 1 + random.nextInt(3)));
                default -> others.add(new Settlement.Bury(entry, "unreadable", false));
            }
        }
        done.addAll(doneForeign);
        done.addAll(large);
        done.addAll(largeForeign); // in the order in which the scripts take them
        done.addAll(others);
        return settle(new SettleBatch(queue, session, ++sequences, done));
    }

    /** One that the session holds, as a rule; else one of another's, a settled one, one that nobody holds, or none. */
    private String entry(String session, Random random) {
        List<String> own = new ArrayList<>();
        model.pending.forEach((id, held) -> {
            if (held.session().equals(session)) {
                own.add(id);
            }
        });
        boolean any = random.nextInt(8) == 0;
        if (!own.isEmpty() && !any) {
            return pick(own, random);
        }
        List<String> all = new ArrayList<>(model.pending.keySet());
        if (any) {
            model.stream.forEach(entry -> all.add(String.valueOf(entry.id)));
            all.add("1-1");
        }
        return all.isEmpty() ? "1-1" : pick(all, random);
    }

    private @Nullable Call settleAll(String session) {
        List<Settlement> all = new ArrayList<>();
        model.pending.forEach((id, held) -> {
            if (held.session().equals(session) && !held.message().foreign) {
                int bytes = held.message().large() ? Model.LARGE : 0;
                all.add(new Settlement.Done(id, false, bytes));
            }
        });
        return all.isEmpty() ? null : settle(new SettleBatch(queue, session, ++sequences, all));
    }

    private @Nullable Call settleAgain(Random random) {
        SettleBatch batch = sent.get(pick(SESSIONS, random));
        return batch == null ? null : settle(batch);
    }

    private Call settle(SettleBatch batch) {
        Set<String> needs = new TreeSet<>(Set.of("ready", "stats", "sessions", "settled"));
        boolean others = batch.settlements().stream().anyMatch(one -> !(one instanceof Settlement.Done));
        if (others) {
            needs.addAll(Set.of("later", "held", "dead"));
        }
        sent.put(batch.session(), batch);
        return new Call(
                "settle " + batch.sequence() + " of " + batch.session() + ": " + batch.settlements(),
                needs,
                () -> store.settle(batch),
                reply -> {
                    Model.Answer answer = model.settle(batch);
                    SettleReply told = (SettleReply) reply;
                    NextDue due = told.nextDue();
                    boolean nobodyLooked = due.equals(NextDue.UNKNOWN) && (answer.repeated() || !others);
                    Call.same(
                            new SettleReply(
                                    answer.refused(),
                                    answer.entries(),
                                    answer.repeated(),
                                    nobodyLooked ? NextDue.UNKNOWN : nextDue()),
                            new SettleReply(told.refused(), told.refusedEntries(), told.repeated(), minutes(due)));
                });
    }

    /** How many minutes until the first is due, as a store would say it. */
    private NextDue nextDue() {
        return model.later.isEmpty()
                ? NextDue.NONE
                : new NextDue.In(Math.max(0, model.later.get(0).due() - model.now));
    }

    private static NextDue minutes(NextDue due) {
        return due instanceof NextDue.In(long millis) ? new NextDue.In(Math.ceilDiv(millis, Model.MINUTE)) : due;
    }

    private Call sweep(String session, Random random) {
        String cursor = random.nextInt(5) == 0 && !model.pending.isEmpty()
                ? pick(List.copyOf(model.pending.keySet()), random)
                : "";
        return new Call(
                "sweep of " + session + " after " + cursor,
                Set.of("sessions", "ready", "stats", "later"),
                () -> store.sweep(queue, session, LEASE, cursor),
                reply -> {
                    Model.Look look = model.sweep(session, cursor);
                    List<String> held = look.held().size() > 100 ? look.held().subList(0, 100) : look.held();
                    Sweep told = (Sweep) reply;
                    Call.same(
                            List.of(
                                    look.alive(),
                                    look.lapsed(),
                                    held,
                                    held.size() == 100 ? held.get(99) : "",
                                    nextDue(),
                                    look.groupMissing()),
                            List.of(
                                    told.alive(),
                                    new TreeSet<>(told.lapsed()),
                                    told.held(),
                                    told.cursor(),
                                    minutes(told.nextDue()),
                                    told.groupMissing()));
                });
    }

    private Call takeOver(String session, TakeoverMode mode) {
        return new Call(
                "take over " + session + " " + mode,
                Set.of("ready", "stats", "sessions", "settled"),
                () -> store.takeOver(queue, session, mode),
                reply -> {
                    var expected = model.takeOver(session, mode, mode == TakeoverMode.LAPSED ? LAPSED : CLOSED);
                    Call.same(new Takeover(expected.getKey(), expected.getValue()), reply);
                });
    }

    private Call promote() {
        return new Call("promote", Set.of("later", "held", "ready", "stats"), () -> store.promote(queue), reply -> {
            int moved = model.promote();
            ListenStore.Promotion told = (ListenStore.Promotion) reply;
            Call.same(
                    new ListenStore.Promotion(moved, nextDue()),
                    new ListenStore.Promotion(told.moved(), minutes(told.nextDue())));
        });
    }

    // ---- looking and mending

    private List<String> positions(Random random) {
        List<String> positions = new ArrayList<>();
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            positions.add(
                    model.dead.isEmpty() || random.nextInt(6) == 0
                            ? "1-1"
                            : String.valueOf(pick(model.dead, random).id));
        }
        return positions;
    }

    private Call revive(List<String> positions) {
        return new Call(
                "revive " + positions,
                Set.of("dead", "ready", "stats"),
                () -> store.revive(queue, positions),
                reply -> Call.same(model.revive(positions), reply));
    }

    private Call discard(List<String> positions) {
        return new Call(
                "discard " + positions,
                Set.of("dead", "stats"),
                () -> store.discard(queue, positions),
                reply -> Call.same(model.discard(positions), reply));
    }

    private Call look() {
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
                        + (grave.message.unknown ? "unknown" : told(grave.message)))
                .toList();
    }

    private static List<Object> seen(List<?> reply) {
        List<String> graves = new ArrayList<>();
        for (Object each : (List<?>) reply.get(1)) {
            Buried grave = (Buried) each;
            boolean unknown = text(grave.envelope().body()).startsWith("envelope of unknown version");
            graves.add(grave.position() + " " + grave.reason() + " " + (unknown ? "unknown" : told(grave.envelope())));
        }
        return List.of(reply.get(0), graves, reply.get(2), reply.get(3));
    }

    private QueueInfo info() {
        List<Model.Entry> waiting = model.claimable();
        String oldest = waiting.isEmpty() ? null : waiting.get(0).id;
        return new QueueInfo(
                queue,
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

    /** A body; fields that were made into one, in their alphabetical order. */
    static String text(byte[] body) {
        return Canonical.text(new String(body, UTF_8));
    }
}
