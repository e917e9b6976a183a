package dev.hark.internal.engine.model;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Outcomes. */
final class SettleCalls {

    private final Store store;
    private final Address queue;
    private final Model model;

    private final Map<String, SettleBatch> sent = new HashMap<>();
    private int sequences;

    SettleCalls(Store store, Address queue, Model model) {
        this.store = store;
        this.queue = queue;
        this.model = model;
    }

    Call settle(Random random) {
        String session = Calls.anybody(random);
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
            return Calls.pick(own, random);
        }
        List<String> all = new ArrayList<>(model.pending.keySet());
        if (any) {
            model.stream.forEach(entry -> all.add(String.valueOf(entry.id)));
            all.add("1-1");
        }
        return all.isEmpty() ? "1-1" : Calls.pick(all, random);
    }

    @Nullable
    Call settleAll(String session) {
        List<Settlement> all = new ArrayList<>();
        model.pending.forEach((id, held) -> {
            if (held.session().equals(session) && !held.message().foreign) {
                int bytes = held.message().large() ? Model.LARGE : 0;
                all.add(new Settlement.Done(id, false, bytes));
            }
        });
        return all.isEmpty() ? null : settle(new SettleBatch(queue, session, ++sequences, all));
    }

    @Nullable
    Call settleAgain(Random random) {
        SettleBatch batch = sent.get(Calls.pick(Calls.SESSIONS, random));
        return batch == null ? null : settle(batch);
    }

    Call settle(SettleBatch batch) {
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
                    Model.Answer answer = model.settling.settle(batch);
                    SettleReply told = (SettleReply) reply;
                    NextDue due = told.nextDue();
                    boolean nobodyLooked = due.equals(NextDue.UNKNOWN) && (answer.repeated() || !others);
                    Call.same(
                            new SettleReply(
                                    answer.refused(),
                                    answer.entries(),
                                    answer.repeated(),
                                    nobodyLooked ? NextDue.UNKNOWN : nextDue(model)),
                            new SettleReply(told.refused(), told.refusedEntries(), told.repeated(), minutes(due)));
                });
    }

    /** How many minutes until the first is due, as a store would say it. */
    static NextDue nextDue(Model model) {
        return model.later.isEmpty()
                ? NextDue.NONE
                : new NextDue.In(Math.max(0, model.later.get(0).due() - model.now));
    }

    static NextDue minutes(NextDue due) {
        return due instanceof NextDue.In(long millis) ? new NextDue.In(Math.ceilDiv(millis, Model.MINUTE)) : due;
    }
}
