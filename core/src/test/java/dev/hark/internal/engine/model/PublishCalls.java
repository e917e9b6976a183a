package dev.hark.internal.engine.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hark.Durability;
import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.Setting;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Publishing, and what is set for it. */
final class PublishCalls {

    /** With the second, an entry is a large one. */
    private static final List<String> METAS = List.of("{\"type\":\"t\"}", "{\"type\":\"" + "t".repeat(1_000) + "\"}");

    private final Store store;
    private final Address queue;
    private final Model model;
    private final LongSupplier clock;

    private final Map<String, List<Batch>> published = new HashMap<>();
    private int bodies;

    PublishCalls(Store store, Address queue, Model model, LongSupplier clock) {
        this.store = store;
        this.queue = queue;
        this.model = model;
        this.clock = clock;
    }

    Call publish(Random random, int count, QueueSettings settings) {
        String sender = Calls.pick(Calls.SENDERS, random);
        Model.Sender last = model.senders.get(sender);
        List<Publication> messages = new ArrayList<>();
        List<Long> dues = new ArrayList<>();
        boolean plain = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            String meta = plain || random.nextBoolean() ? "" : Calls.pick(METAS, random);
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
    QueueSettings limit(Random random) {
        return model.settings.maxLength() > 0 && random.nextBoolean()
                ? model.settings
                : settings(1 + random.nextInt(9), random);
    }

    private static QueueSettings settings(long most, Random random) {
        return QueueSettings.NONE
                .maxLength(most)
                .overflow(Calls.pick(List.of(Overflow.values()), random))
                .durability(Calls.pick(List.of(Durability.MEMORY, Durability.FSYNCED), random))
                .strict(random.nextBoolean());
    }

    @Nullable
    Call publishAgain(Random random) {
        String sender = Calls.pick(Calls.SENDERS, random);
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
        Batch earlier = Calls.pick(published.getOrDefault(sender, List.of(last)), random);
        return earlier.sequence() <= last.sequence() ? earlier : last;
    }

    private static Batch with(Batch batch, long sequence, String nonce) {
        return new Batch(batch.queue(), batch.sender(), sequence, nonce, batch.messages(), batch.settings());
    }

    Call publish(Batch batch, List<Long> dues) {
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
                                .map(message -> Told.text(message.body()) + " " + message.due())
                                .toList()
                        + (limited ? " " + batch.settings() : ""),
                needs,
                () -> store.publish(batch),
                reply -> Call.same(model.publishing.publish(batch, dues, (PublishReply) reply), reply));
    }

    Call configure(Random random) {
        Owner owner = random.nextInt(3) == 0 ? Owner.OPERATOR : Owner.CODE;
        QueueSettings wanted = random.nextInt(3) == 0 ? model.settings : some(random);
        return new Call(
                "configure " + wanted + " by " + owner,
                Set.of("config"),
                () -> store.configure(queue, wanted, owner),
                reply -> Call.same(model.configuring.configure(wanted, owner), reply));
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
            case Overflow overflow -> Calls.pick(List.of("reject", "block", "drop_oldest"), random);
            case Durability durability -> Calls.pick(List.of("memory", "fsynced"), random);
            default -> throw new AssertionError("say here what values there are of " + byDefault.getClass());
        };
    }

    Call retire(Random random) {
        String sender = Calls.pick(Calls.SENDERS, random);
        return new Call(
                "retire " + sender,
                Set.of(),
                () -> {
                    store.retire(queue, sender);
                    return "";
                },
                reply -> model.senders.remove(sender));
    }
}
