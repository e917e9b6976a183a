package dev.hark.cli.listen;

import dev.hark.Codec;
import dev.hark.Hark;
import dev.hark.ListenerBuilder;
import dev.hark.MessageHandler;
import dev.hark.RetryPolicy;
import dev.hark.cli.connect.Invocation;
import dev.hark.cli.connect.Notices;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.process.Stop;
import dev.hark.cli.term.Times;
import dev.hark.error.ClosedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Listens to queues until a signal, a closed stdout, or an empty queue. */
final class QueueListening {

    /** For handlers that are interrupted, and for settling; less where there is little time in all. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    /** For saying what has become of it. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final String LEFT = "; others take over what is not settled when its lease lapses";

    private final Invocation hark;
    private final Set<String> queues;
    private final Stop stop;
    private final boolean drain;
    private final Duration closeTimeout;

    QueueListening(Invocation hark, Set<String> queues, Stop stop, boolean drain, Duration closeTimeout) {
        this.hark = hark;
        this.queues = queues;
        this.stop = stop;
        this.drain = drain;
        this.closeTimeout = closeTimeout;
    }

    void run(Duration lease, int concurrency, RetryPolicy retry, MessageHandler<byte[]> handler) {
        Hark connected = hark.connect(
                new Notices(hark.notes(), Notices.Scope.QUEUES),
                builder -> Invocation.naming("--lease", () -> builder.lease(lease)));
        AtWork atWork = new AtWork(handler);
        CompletableFuture<?> haste = stop.whenHurried(() -> connected.close(Duration.ZERO));
        try {
            ListenerBuilder builder = Invocation.naming(
                            "--concurrency", () -> connected.listener().concurrency(concurrency))
                    .platformThreads(true)
                    .retry(retry);
            for (String queue : queues) {
                builder.handleMessage(connected.queue(queue, Codec.bytes()), atWork);
            }
            builder.start();
            hark.notes().say("listening on " + String.join(", ", queues));
            if (drain) {
                Drain.start(connected.inspector(), queues, stop);
            }
            stop.await();
        } catch (ClosedException e) {
            // the second signal came before it could begin
        } finally {
            close(connected, haste, atWork);
        }
        stop.rethrow();
    }

    /** Whoever has set a limit kills what exceeds it; then it is better to end, and to say why. */
    private void close(Hark connected, CompletableFuture<?> haste, AtWork atWork) {
        hark.io().signals().endIn(closeTimeout.plus(GRACE)); // whatever holds what is said below
        Duration quarter = closeTimeout.dividedBy(4);
        Duration forHandlers = closeTimeout.minus(quarter.compareTo(SETTLING) < 0 ? quarter : SETTLING);
        CompletableFuture<?> closing = CompletableFuture.runAsync(
                () -> {
                    connected.close(forHandlers);
                    if (stop.isHurried()) {
                        haste.join(); // only who closes first waits for the end
                    }
                },
                work -> Thread.ofPlatform().daemon().start(work));
        if (!stop.hasFailed() && !stop.isHurried()) {
            atWork.sayThatItMayEnd(closeTimeout, hark.notes());
        }
        await(closing);
        atWork.sayWhatWasGivenBack(hark.notes());
    }

    private void await(CompletableFuture<?> closing) {
        try {
            closing.get(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new CommandFailure(ExitCode.FAILED, "closing has failed: " + e.getCause() + LEFT, e);
        } catch (TimeoutException | InterruptedException e) { // interrupted by tests
            throw new CommandFailure(
                    ExitCode.FAILED, "Redis did not take all outcomes within " + Times.show(closeTimeout) + LEFT);
        }
    }
}
