package dev.hark.simulation;

import dev.hark.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What handlers do with one message, one time after the other.
 *
 * @param acts what they do at first; afterwards they go by the end
 * @param end how it is meant to end
 */
record Plan(List<Act> acts, End end) {

    /** What a handler does once. */
    enum Act {
        FINISH,
        FINISH_SLOWLY,
        /** Longer than a lease lasts. */
        HANG,
        RETRY,
        SNOOZE,
        THROW,
        FAIL_BADLY
    }

    /** How it is meant to end. */
    enum End {
        DONE,
        /** The handler gives it up. */
        DEAD,
        /** It fails until its attempts are used up. */
        POISON
    }

    static Plan draw(SplittableRandom dice) {
        List<Act> acts = new ArrayList<>();
        while (acts.size() < 3 && dice.nextInt(3) == 0) {
            acts.add(Act.values()[dice.nextInt(Act.values().length)]);
        }
        int lot = dice.nextInt(12);
        return new Plan(acts, lot == 0 ? End.DEAD : lot == 1 ? End.POISON : End.DONE);
    }

    /** Handles it for the n-th time, from 0. */
    Outcome handle(int time, Node node, Duration lease) {
        if (end == End.POISON) {
            throw new IllegalStateException("poison");
        }
        Act act = time < acts.size() ? acts.get(time) : Act.FINISH;
        switch (act) {
            case FINISH -> {}
            case FINISH_SLOWLY -> node.pause(lease.toNanos() / 4);
            case HANG -> node.pause(lease.toNanos() * 3 / 2);
            case RETRY -> {
                return Outcome.retry(Duration.ofMillis(300), "not yet");
            }
            case SNOOZE -> {
                return Outcome.snooze(Duration.ofMillis(700));
            }
            case THROW -> throw new IllegalArgumentException("thrown as planned");
            case FAIL_BADLY -> throw new StackOverflowError("failed as planned");
        }
        return end == End.DEAD ? Outcome.dead("given up as planned") : Outcome.done();
    }
}
