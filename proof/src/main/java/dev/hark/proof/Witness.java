package dev.hark.proof;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Notes when the machine lets this process starve: its lease may lapse by that, as by a pause. */
final class Witness {

    private static final Duration TICK = Duration.ofMillis(20);

    private Witness() {}

    static void start(Journal journal, Duration lease) {
        Thread.ofPlatform().daemon().name("witness").start(() -> watch(journal, lease));
    }

    private static void watch(Journal journal, Duration lease) {
        long before = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(TICK.toNanos());
            long now = System.nanoTime();
            long late = now - before - TICK.toNanos();
            before = now;
            if (late > lease.toNanos() / 4) {
                try {
                    journal.write("starved", late / 1_000_000);
                } catch (OutOfMemoryError e) {
                    // by a full heap, which is noted by who filled it
                }
                before = System.nanoTime();
            }
        }
    }
}
