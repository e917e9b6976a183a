package dev.hark.internal.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One step of a sequence. What it is about (which session, which entries) is drawn from its own seed when it is its turn,
 * so that it still means something after others have been left out.
 */
record Step(Kind kind, long seed) {

    /** What is done, how often, and the name in the table of what does it. */
    enum Kind {
        PUBLISH(14, "publish.lua"),
        PUBLISH_LIMITED(10, "publish.lua"),
        PUBLISH_AGAIN(4, "publish.lua"),
        RETIRE(1, ""),
        ADD(5, "XADD"),
        OPEN(6, "open.lua"),
        CLAIM(14, "XREADGROUP"),
        CLAIM_BY_SCRIPT(4, "claim.lua"),
        SETTLE(20, "settle.lua"),
        SETTLE_AGAIN(3, "settle.lua"),
        SWEEP(8, "sweep.lua"),
        TAKE_OVER(7, "takeover.lua"),
        PROMOTE(7, "promote.lua"),
        REVIVE(4, "revive.lua"),
        DISCARD(2, "discard.lua"),
        CONFIGURE(3, ""),
        LOOK(4, "info.lua"),
        AGE(9, ""),

        BULK(10, "publish.lua"),
        CLAIM_ALL(15, "XREADGROUP"),
        SETTLE_ALL(15, "settle.lua"),

        DELETE_ENTRIES(4, "XDEL"),
        TRIM(2, "XTRIM"),
        DELETE_CONSUMER(2, "XGROUP"),
        DESTROY_GROUP(3, "XGROUP"),
        DELETE_STREAM(1, "DEL"),
        DELETE_HELD(2, "HDEL"),
        FORGE_HELD(2, "HSET"),
        WHILE_WRONG(8, "");

        private final int weight;
        final String script;

        Kind(int weight, String script) {
            this.weight = weight;
            this.script = script;
        }

        /** What users of the library do, and time. */
        boolean ordinary() {
            return compareTo(BULK) < 0;
        }

        boolean bulky() {
            return !ordinary() && compareTo(DELETE_ENTRIES) < 0;
        }
    }

    /** The steps that belong to a seed: in every second sequence other hands meddle, some have many messages. */
    static List<Step> sequence(long seed) {
        Random random = new Random(seed);
        boolean hands = random.nextBoolean();
        boolean bulk = random.nextInt(40) == 0;
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind.ordinary() || (kind.bulky() ? bulk : hands)) {
                for (int i = 0; i < kind.weight; i++) {
                    kinds.add(kind);
                }
            }
        }
        List<Step> steps = new ArrayList<>();
        if (random.nextInt(8) > 0) {
            steps.add(new Step(Kind.OPEN, random.nextLong()));
        }
        for (int n = 20 + random.nextInt(40); n > 0; n--) {
            steps.add(new Step(kinds.get(random.nextInt(kinds.size())), random.nextLong()));
        }
        return steps;
    }
}
