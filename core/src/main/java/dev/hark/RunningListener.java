package dev.hark;

import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A listener on queues or channels that was started. */
final class RunningListener implements Listener {

    private final Duration closeTimeout;
    private final Runnable drain;
    private final Consumer<Duration> end;
    private final Supplier<Health> health;
    private final Consumer<Listener> forget;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    RunningListener(
            Duration closeTimeout,
            Runnable drain,
            Consumer<Duration> end,
            Supplier<Health> health,
            Consumer<Listener> forget) {
        this.closeTimeout = closeTimeout;
        this.drain = drain;
        this.end = end;
        this.health = health;
        this.forget = forget;
    }

    @Override
    public void close() {
        close(closeTimeout);
    }

    @Override
    public void close(Duration deadline) {
        Delays.check(deadline);
        if (closing.compareAndSet(false, true)) {
            // Not here: who closes may be interrupted, a handler that closes its own listener for one, and then no wait
            // would last, and a connection could break under what must be said last.
            // A thread of the platform, since handlers that never wait leave no other a processor.
            Threads.platform("hark-closing").start(() -> end(deadline));
        }
        closed.join(); // an interrupt does not end it
    }

    private void end(Duration deadline) {
        try {
            end.accept(deadline);
            forget.accept(this);
            closed.complete(null);
        } catch (RuntimeException | Error e) {
            forget.accept(this);
            closed.completeExceptionally(e);
        }
    }

    @Override
    public void awaitClosed() throws InterruptedException {
        Thread atExit = Threads.platform("hark drain at exit").unstarted(drain);
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException e) {
            close(); // the JVM is ending already
            return;
        }
        try {
            closed.get();
        } catch (ExecutionException e) {
            // whoever closed it hears of that
        } finally {
            removeHook(atExit);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending, and the hook is what has closed this
        }
    }

    @Override
    public Duration sinceLastPoll() {
        return health().sinceLastPoll();
    }

    @Override
    public Health health() {
        return health.get();
    }
}
