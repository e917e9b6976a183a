package dev.hark.internal.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hark.internal.engine.Address;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Any sequence of calls, and of what other hands may do, leaves a store as it leaves the {@link Model}. Another number of
 * sequences: {@code -Dhark.model.sequences=100000}; one alone: {@code -Dhark.model.seed=…}.
 */
public abstract class ModelConformance {

    private static final int SEQUENCES = Integer.getInteger("hark.model.sequences", 2_000);
    private static final Long SEED = Long.getLong("hark.model.seed");

    /** Makes the store, and what is needed to see through it. */
    protected abstract ModelRig start();

    @Test
    void anySequenceLeavesWhatTheModelSays(TestReporter reporter) {
        try (ModelRig rig = start();
                Play play = new Play(rig, Address.of("model"))) {
            long begin = System.nanoTime();
            long first = SEED == null ? 1 : SEED;
            long sequences = SEED == null ? SEQUENCES : 1;
            for (long seed = first; seed < first + sequences; seed++) {
                List<Step> steps = Step.sequence(seed);
                Play.Failure failure = play.play(steps);
                if (failure != null) {
                    fail(told(seed, seed - first + 1, shrunk(play, steps, failure)));
                }
            }
            reporter.publishEntry(Map.of(
                    "sequences", Long.toString(sequences),
                    "steps", Integer.toString(play.steps()),
                    "milliseconds", Long.toString((System.nanoTime() - begin) / 1_000_000),
                    "moves", play.moves().toString()));
            if (sequences >= 2_000) {
                Set<Move> possible = EnumSet.allOf(Move.class);
                possible.removeIf(move -> move.meddled() && rig.otherHands() == null);
                assertThat(play.moves().keySet())
                        .as("each row of the table has been tried")
                        .isEqualTo(possible);
                assertThat(play.trims() > 0)
                        .as("settled entries have been trimmed")
                        .isEqualTo(rig.otherHands() != null);
            }
        }
    }

    /** Leaves out steps for as long as it still goes wrong. */
    private static Play.Failure shrunk(Play play, List<Step> failing, Play.Failure failure) {
        List<Step> steps = new ArrayList<>(failing.subList(0, failure.told().size()));
        Play.Failure last = failure;
        for (int size = Math.max(1, steps.size() / 4); size >= 1; size /= 2) {
            for (int at = steps.size() - size; at >= 0; at--) {
                List<Step> fewer = new ArrayList<>(steps);
                fewer.subList(at, Math.min(fewer.size(), at + size)).clear();
                Play.Failure still = play.play(fewer);
                if (still != null) {
                    steps = new ArrayList<>(fewer.subList(0, still.told().size()));
                    last = still;
                    at = Math.min(at, steps.size() - size + 1);
                }
            }
        }
        return last;
    }

    private static String told(long seed, long nth, Play.Failure failure) {
        StringBuilder text = new StringBuilder("sequence " + nth + ", replayed with -Dhark.model.seed=" + seed + ":\n");
        for (int i = 0; i < failure.told().size(); i++) {
            text.append("%3d. %s%n".formatted(i + 1, failure.told().get(i)));
        }
        return text.append("  ").append(failure.what()).toString();
    }
}
