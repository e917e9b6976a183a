package dev.hark;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A listener on queues or channels that was started. */
final class RunningListener implements Listener {

    private final Duration closeTimeout;
    private final Runnable drain;
    private final Consumer<Duration> end;
    private final Supplier<Duration> sinceLastPoll;
    private final Consumer<Listener> forget;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    RunningListener(
            Duration closeTimeout,
            Runnable drain,
            Consumer<Duration> end,
            Supplier<Duration> sinceLastPoll,
            Consumer<Listener> forget) {
        this.closeTimeout = closeTimeout;
        this.drain = drain;
        this.end = end;
        this.sinceLastPoll = sinceLastPoll;
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
            try {
                end.accept(deadline);
            } finally {
                forget.accept(this);
                closed.countDown();
            }
        } else {
            awaitQuietly();
        }
    }

    private void awaitQuietly() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void awaitClosed() throws InterruptedException {
        Thread atExit = new Thread(drain, "hark drain at exit");
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException e) {
            close(); // the JVM is ending already
            return;
        }
        try {
            closed.await();
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
        return sinceLastPoll.get();
    }
}
