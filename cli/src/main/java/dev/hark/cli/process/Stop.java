package dev.hark.cli.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The request to end a command that would run on: by a signal, by a failure, or because its work is done. A second one is to end at once. */
public final class Stop {

    private final CountDownLatch requested = new CountDownLatch(1);
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> hurried = new CompletableFuture<>();

    public void request() {
        requested.countDown();
    }

    /** Leaves no time for what runs. */
    public void hurry() {
        request();
        hurried.complete(null);
    }

    /** What to do then, on the thread that asks for it; returns when that has ended. */
    public CompletableFuture<?> whenHurried(Runnable action) {
        return hurried.thenRun(action);
    }

    public boolean isHurried() {
        return hurried.isDone();
    }

    /** The first failure is what the command ends with. */
    public void fail(RuntimeException reason) {
        failure.compareAndSet(null, reason);
        request();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits; an interrupt is a request, too. */
    public void await() {
        try {
            requested.await();
        } catch (InterruptedException e) {
            request();
        }
    }

    /** Waits so long at most; true once a stop is requested. */
    public boolean await(Duration time) {
        try {
            return requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            request();
            return true;
        }
    }

    public boolean hasFailed() {
        return failure.get() != null;
    }

    /** Throws the failure that led to the stop, if one did. */
    public void rethrow() {
        RuntimeException reason = failure.get();
        if (reason != null) {
            throw reason;
        }
    }
}
