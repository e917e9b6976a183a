package dev.hark;

import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A listener on queues or channels that was started. */
final class RunningListener implements Listener {

    private final Duration closeTimeout;
    private final Runnable drain;
    private final Function<Duration, Deadline> deadlines;
    private final Consumer<Deadline> end;
    private final Supplier<Health> health;
    private final Consumer<RunningListener> forget;
    private final AtomicReference<@Nullable Deadline> closing = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    RunningListener(
            Duration closeTimeout,
            Runnable drain,
            Function<Duration, Deadline> deadlines,
            Consumer<Deadline> end,
            Supplier<Health> health,
            Consumer<RunningListener> forget) {
        this.closeTimeout = closeTimeout;
        this.drain = drain;
        this.deadlines = deadlines;
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
        beginClosing(deadline);
        closed.join(); // an interrupt does not end it
    }

    /** Closes, or brings the deadline nearer where it is being closed; does not wait for that. */
    void beginClosing(Duration limit) {
        Deadline deadline = deadlines.apply(Delays.check(limit));
        Deadline earlier = closing.compareAndExchange(null, deadline);
        if (earlier != null) {
            earlier.atMost(limit);
        } else {
            // Not here: who closes may be interrupted, a handler that closes its own listener for one, and then no wait
            // would last, and a connection could break under what must be said last.
            // A thread of the platform, since handlers that never wait leave no other a processor.
            Threads.platform("hark-closing").start(() -> end(deadline));
        }
    }

    private void end(Deadline deadline) {
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
