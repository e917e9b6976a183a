package dev.hark.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Runs the same work on several threads. */
final class Parallel {

    private Parallel() {}

    /** Returns when all have ended; throws what one of them threw. */
    static void run(int threads, IntConsumer work) throws InterruptedException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = Thread.ofPlatform().unstarted(() -> work.accept(number));
            thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
            all.add(thread);
        }
        all.forEach(Thread::start);
        for (Thread thread : all) {
            thread.join();
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a benchmark thread failed: " + thrown.getMessage(), thrown);
        }
    }
}
