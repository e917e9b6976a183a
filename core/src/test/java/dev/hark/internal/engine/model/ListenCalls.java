package dev.hark.internal.engine.model;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.Sweep;
import dev.hark.internal.engine.ListenStore.Takeover;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.message.Envelope;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What sessions do, but for settling, and promoting. */
final class ListenCalls {

    private static final Duration LEASE = Duration.ofMillis(Model.LEASE * Model.MINUTE);
    private static final String LAPSED = "the session's lease lapsed: its process died, hung, or lost its connection";
    private static final String CLOSED = "the listener was closed before the handler ended";

    private final Store store;
    private final Address queue;
    private final Model model;

    private String claimer = "";

    ListenCalls(Store store, Address queue, Model model) {
        this.store = store;
        this.queue = queue;
        this.model = model;
    }

    /** Who has claimed since this was asked last, if the store has noticed it. */
    List<String> claimer(Seen seen) {
        String last = claimer;
        claimer = "";
        return seen.consumers().contains(last) ? List.of(last) : List.of();
    }

    Call open(String session) {
        return new Call("open " + session, ModelRig.KEYS, () -> store.open(queue, session, LEASE), reply -> {
            long copies = model.listening.open(session);
            Call.same(new ListenStore.Opened(copies >= 0, Math.max(0, copies)), reply);
        });
    }

    Call claim(ClaimSource source, Set<String> needs, String session, int max) {
        return new Call(
                "claim " + max + " for " + session, needs, () -> source.claim(session, max, Duration.ZERO), reply -> {
                    List<Model.Entry> expected = model.listening.claim(session, max);
                    claimer = model.group ? session : "";
                    Call.same(String.valueOf(expected == null ? null : told(expected)), String.valueOf(claimed(reply)));
                });
    }

    private static List<String> told(List<Model.Entry> entries) {
        return entries.stream()
                .map(entry -> entry.id + " " + Told.told(entry.message))
                .toList();
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
                    case Content.Legible(Envelope envelope) -> Told.told(envelope);
                };
    }

    Call sweep(String session, Random random) {
        String cursor = random.nextInt(5) == 0 && !model.pending.isEmpty()
                ? Calls.pick(List.copyOf(model.pending.keySet()), random)
                : "";
        return new Call(
                "sweep of " + session + " after " + cursor,
                Set.of("sessions", "ready", "stats", "later"),
                () -> store.sweep(queue, session, LEASE, cursor),
                reply -> {
                    Model.Look look = model.listening.sweep(session, cursor);
                    List<String> held = look.held().size() > 100 ? look.held().subList(0, 100) : look.held();
                    Sweep told = (Sweep) reply;
                    Call.same(
                            List.of(
                                    look.alive(),
                                    look.lapsed(),
                                    held,
                                    held.size() == 100 ? held.get(99) : "",
                                    SettleCalls.nextDue(model),
                                    look.groupMissing()),
                            List.of(
                                    told.alive(),
                                    new TreeSet<>(told.lapsed()),
                                    told.held(),
                                    told.cursor(),
                                    SettleCalls.minutes(told.nextDue()),
                                    told.groupMissing()));
                });
    }

    Call takeOver(String session, TakeoverMode mode) {
        return new Call(
                "take over " + session + " " + mode,
                Set.of("ready", "stats", "sessions", "settled"),
                () -> store.takeOver(queue, session, mode),
                reply -> {
                    var expected =
                            model.listening.takeOver(session, mode, mode == TakeoverMode.LAPSED ? LAPSED : CLOSED);
                    Call.same(new Takeover(expected.getKey(), expected.getValue()), reply);
                });
    }

    Call promote() {
        return new Call("promote", Set.of("later", "held", "ready", "stats"), () -> store.promote(queue), reply -> {
            int moved = model.listening.promote();
            ListenStore.Promotion told = (ListenStore.Promotion) reply;
            Call.same(
                    new ListenStore.Promotion(moved, SettleCalls.nextDue(model)),
                    new ListenStore.Promotion(told.moved(), SettleCalls.minutes(told.nextDue())));
        });
    }
}
