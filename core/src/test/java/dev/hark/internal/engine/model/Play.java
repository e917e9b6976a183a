package dev.hark.internal.engine.model;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.QueueFacts.Reach;
import dev.hark.internal.engine.QueueFacts.Sum;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Plays sequences of steps on one queue of a store and on the model, and compares all that is kept after every step. */
final class Play implements AutoCloseable {

    /** What went wrong in which step, and all that was done until then. */
    record Failure(String what, List<String> told) {}

    private final ModelRig rig;
    private final Address queue;
    private final ClaimSource one;
    private final ClaimSource several;

    private int steps;
    private long trims;
    private final Map<Move, Integer> moves = new EnumMap<>(Move.class);

    Play(ModelRig rig, Address queue) {
        this.rig = rig;
        this.queue = queue;
        one = rig.store().claims(List.of(queue));
        several = rig.store().claims(List.of(queue, queue)); // so that a script claims
    }

    /** How many steps were made in all. */
    int steps() {
        return steps;
    }

    /** How many settled entries were trimmed while others were settled. */
    long trims() {
        return trims;
    }

    /** How often messages moved, and how. */
    Map<Move, Integer> moves() {
        return moves;
    }

    @Nullable
    Failure play(List<Step> sequence) {
        rig.wipe(queue);
        Model model = new Model(rig.otherHands() != null);
        Expected expected = new Expected(model);
        Calls calls = new Calls(rig.store(), queue, one, several, model, rig::nowMillis);
        Meddling meddling = new Meddling(rig, queue, model);
        List<String> told = new ArrayList<>();
        Seen before = rig.look(queue, Calls.SENDERS);
        try {
            for (Step step : sequence) {
                steps++;
                long from = rig.nowMillis();
                told.add(step.kind().name());
                String script = make(step, calls, meddling, model, told);
                long to = rig.nowMillis();
                Seen seen = rig.look(queue, Calls.SENDERS);
                // from 7.2 on, and in memory, one who finds nothing is noticed too
                model.consumers.addAll(calls.claimer(seen));
                expected.learn(seen, from, to);
                compare(model, before, seen, script);
                before = seen;
            }
            weigh(model);
            return null;
        } catch (AssertionError | RuntimeException e) { // whatever the store throws is part of what it does
            return new Failure(e instanceof AssertionError ? String.valueOf(e.getMessage()) : e.toString(), told);
        } finally {
            trims += model.trimmed;
            model.moves.forEach((move, times) -> moves.merge(move, times, Integer::sum));
        }
    }

    /** Nothing is missing unless other hands took it, and never once that is written off. */
    private void weigh(Model model) {
        Sum sum = rig.store().examine(queue).sum();
        if (sum == null) { // the group is lost
            return;
        }
        boolean doubt = sum.reach() == Reach.LITTLE;
        if (!model.meddled && (sum.missing() > 0 || -sum.missing() > model.strangers || (doubt && !model.copied()))) {
            throw new AssertionError("nobody has meddled, and the sum is " + sum);
        }
        long writtenOff = rig.store().writeOff(queue);
        if (writtenOff != (doubt ? 0 : Math.max(0, sum.missing()))) {
            throw new AssertionError("the sum was " + sum + ", and " + writtenOff + " were written off");
        }
        Sum after = rig.store().examine(queue).sum();
        if (after == null || after.missing() > 0) {
            throw new AssertionError("the sum was " + sum + ", and after writing off it is " + after);
        }
    }

    private static void compare(Model model, Seen before, Seen seen, String script) {
        List<String> differences = Seen.differences(new Expected(model).seen(), seen);
        if (!differences.isEmpty()) {
            throw new AssertionError(String.join("\n  ", differences));
        }
        if (!model.imbalance().isEmpty()) {
            throw new AssertionError(model.imbalance());
        }
        if (!script.equals("HDEL") && (!model.redis || (before.group() && seen.group()))) {
            Map<String, Place> was = before.places();
            Map<String, Place> is = seen.places();
            TreeSet<String> bodies = new TreeSet<>(was.keySet());
            bodies.addAll(is.keySet());
            for (String body : bodies) {
                Place from = was.get(body);
                Place to = is.get(body);
                boolean several = from == Place.UNPUBLISHED || to == Place.UNPUBLISHED;
                if (!several
                        && !Objects.equals(from, to)
                        && Calls.BODY.matcher(body).matches()
                        && !legal(from, to, script)) {
                    throw new AssertionError(body + " went from " + from + " to " + to + " by " + script);
                }
            }
        }
    }

    /** What is nowhere has not been published, is done or gone. */
    private static boolean legal(@Nullable Place from, @Nullable Place to, String script) {
        for (Move move : Move.values()) {
            boolean leaves = from == null ? nowhere(move.from) : move.from == from;
            boolean arrives = to == null ? nowhere(move.to) : move.to == to;
            if (leaves && arrives && move.by(script)) {
                return true;
            }
        }
        return false;
    }

    private static boolean nowhere(Place place) {
        return place == Place.UNPUBLISHED || place == Place.DONE || place == Place.GONE;
    }

    /** Makes a step; returns the name of what did it. */
    private String make(Step step, Calls calls, Meddling meddling, Model model, List<String> told) {
        Random random = new Random(step.seed());
        ModelRig.OtherHands hands = rig.otherHands();
        int last = told.size() - 1;
        if (step.kind() == Step.Kind.WHILE_WRONG) {
            Step.Kind kind = Calls.TRANSITIONS.get(random.nextInt(Calls.TRANSITIONS.size()));
            Call call = calls.of(kind, random);
            List<String> keys = new ArrayList<>(new TreeSet<>(ModelRig.KEYS));
            keys.add("config");
            keys.add("sender:" + Calls.SENDERS.get(0));
            String key = keys.get(random.nextInt(keys.size()));
            boolean halfWay =
                    kind == Step.Kind.PROMOTE && key.equals("dead"); // where some cannot be read, and others can
            if (hands != null && call != null && !halfWay) {
                told.set(last, "while " + key + " is of a wrong type: " + call.text());
                hands.whileWrong(queue, key, () -> run(call, call.needs().contains(key), model));
            }
            return kind.script;
        }
        if (step.kind().ordinary() || step.kind().bulky()) {
            Call call = calls.of(step.kind(), random);
            if (call != null) {
                told.set(last, call.text());
                run(call, false, model);
            } else if (step.kind() == Step.Kind.ADD || step.kind() == Step.Kind.AGE) {
                told.set(last, meddling.ordinary(step.kind(), random));
            }
        } else if (hands != null) {
            told.set(last, meddling.meddle(hands, step.kind(), random));
        }
        return step.kind().script;
    }

    private static void run(Call call, boolean wrong, Model model) {
        Object reply;
        try {
            reply = call.run().get();
        } catch (StoreException e) {
            if (wrong && e.kind() == Kind.WRONG_TYPE) {
                return;
            }
            if (!wrong && e.kind() == Kind.NOT_NOW && !model.group) {
                call.check().accept(null);
                return;
            }
            throw e;
        }
        if (wrong) {
            throw new AssertionError("expected to be refused, but was " + reply);
        }
        call.check().accept(reply);
    }

    @Override
    public void close() {
        one.close();
        several.close();
    }
}
