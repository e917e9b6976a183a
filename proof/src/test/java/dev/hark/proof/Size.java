package dev.hark.proof;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How large runs are: short in every build, full with the profile {@code proof}, and each figure as a system property
 * says, for example {@code -Dproof.kills=20}. The seed is drawn unless {@code proof.seed} gives it.
 */
final class Size {

    private Size() {}

    static boolean full() {
        return Boolean.getBoolean("proof.full");
    }

    static long seed() {
        return Long.getLong("proof.seed", RandomGenerator.getDefault().nextInt(1_000_000));
    }

    static Options of() {
        return new Options(
                seed(),
                Duration.ofSeconds(figure("seconds", 25, 1_000)),
                figure("rate", 400, 1_000),
                Duration.ofMillis(figure("lease", 1_500, 2_000)),
                3,
                figure("kills", 4, 200),
                figure("pauses", 2, 100),
                figure("cutOffs", 1, 50),
                figure("cuts", 4, 100),
                figure("slowdowns", 1, 20),
                figure("redisKills", 1, 20),
                figure("clockSteps", 2, 40),
                figure("fullHeaps", 1, 10),
                figure("endless", 1, 10),
                figure("unreplicated", 1, 10),
                figure("hostile", 1, 10),
                figure("idle", 1, 10),
                figure("sisters", 64, 64));
    }

    static int figure(String name, int inShort, int inFull) {
        return Integer.getInteger("proof." + name, full() ? inFull : inShort);
    }
}
