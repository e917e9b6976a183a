package dev.hark.simulation;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that is known of one message of a simulation. */
final class Letter {

    /** What its publisher was told. */
    enum Receipt {
        /** Nothing: it waits, or its process crashed. */
        NONE,
        PUBLISHED,
        NOT_PUBLISHED,
        UNKNOWN
    }

    /** One hand-over, as the store handed it out. */
    static final class Hold {
        final String entry;
        final int attempts;
        boolean settled;
        /** How many attempts the next hand-over shows, once it is settled. */
        int next;

        /** Whether the last that is noted is that a reply was lost. */
        final boolean lostBefore;

        Hold(String entry, int attempts, boolean lostBefore) {
            this.entry = entry;
            this.attempts = attempts;
            this.lostBefore = lostBefore;
        }
    }

    final int number;
    final Plan plan;
    Receipt receipt = Receipt.NONE;
    int accepted;
    int done;
    int buried;
    int handled;

    /** How often it was noted, without an attempt, that a reply was lost. */
    int lost;

    @Nullable
    Hold hold;
    /** How often each attempt may still be handled: once, and again after each snooze. */
    final Map<Integer, Integer> handlings = new HashMap<>();

    Letter(int number, Plan plan) {
        this.number = number;
        this.plan = plan;
    }

    boolean over() {
        return done + buried > 0;
    }

    @Override
    public String toString() {
        return "message " + number + " (" + plan.end() + ")";
    }
}
