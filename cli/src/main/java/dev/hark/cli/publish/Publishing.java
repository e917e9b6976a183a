package dev.hark.cli.publish;

import dev.hark.MessageQueue;
import dev.hark.PublishOptions;
import dev.hark.Receipt;
import dev.hark.cli.connect.FailureReport;
import dev.hark.cli.process.CommandFailure;
import dev.hark.cli.process.ExitCode;
import dev.hark.cli.term.Json;
import dev.hark.cli.term.Output;
import dev.hark.cli.term.OutputException;
import dev.hark.error.NotDurableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Streams bodies into a queue, and prints the ids in the order of the bodies. One thread reads and publishes; the thread
 * of the command waits for the receipts, so that ids show while the reader waits for more input.
 */
final class Publishing {

    /** Bounds the memory for messages so small that the publisher's own bound in bytes would let millions through. */
    private static final int MAX_UNPRINTED = 8192;

    private static final int PRINT_SIZE = 1 << 15;

    private final MessageQueue<byte[]> queue;
    private final PublishOptions options;
    private final Output out;
    private final boolean json;

    private final Semaphore room = new Semaphore(MAX_UNPRINTED);
    private final LinkedBlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

    /** Held to publish, and to end publishing. */
    private final ReentrantLock publishing = new ReentrantLock();

    /** Guarded by {@link #publishing}. */
    private boolean ended;

    /** What follows is owned by the thread of the command. */
    private final ByteArrayOutputStream unprinted = new ByteArrayOutputStream();

    private long accepted;
    private long answered;

    private @Nullable OutputException outputFailure;
    private @Nullable Failure failure;

    /** A body on its way; without a receipt it marks the end of the input. */
    private record Sent(long number, @Nullable CompletableFuture<Receipt> receipt) {}

    private record Failure(long number, Throwable cause) {}

    Publishing(MessageQueue<byte[]> queue, PublishOptions options, Output out, boolean json) {
        this.queue = queue;
        this.options = options;
        this.out = out;
        this.json = json;
    }

    void run(Bodies bodies) {
        Thread.ofPlatform().name("hark-stdin").daemon().start(() -> publishAll(bodies));
        try {
            printAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.FAILED, "interrupted after " + accepted + " accepted messages");
        }
        if (failure != null) {
            throw describe(bodies, failure);
        }
        if (outputFailure != null) {
            throw outputFailure;
        }
    }

    private void publishAll(Bodies bodies) {
        long number = 0;
        try {
            boolean more = true;
            while (more) {
                room.acquire();
                number++;
                more = publish(number, bodies.next());
            }
        } catch (IOException | RuntimeException e) {
            sent.add(new Sent(number, CompletableFuture.failedFuture(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean publish(long number, Optional<byte[]> body) {
        publishing.lock();
        try {
            boolean more = !ended && body.isPresent();
            sent.add(new Sent(number, more ? queue.publishAsync(body.orElseThrow(), options) : null));
            return more;
        } finally {
            publishing.unlock();
        }
    }

    private void printAll() throws InterruptedException {
        Sent next = take();
        while (next != null && next.receipt() != null) {
            answer(next.number(), next.receipt());
            next = failure == null ? take() : sent.poll();
        }
        print();
    }

    private Sent take() throws InterruptedException {
        Sent next = sent.peek();
        if (next == null || next.receipt() == null || !next.receipt().isDone()) {
            print();
        }
        return sent.take();
    }

    private void answer(long number, CompletableFuture<Receipt> receipt) {
        answered++;
        try {
            accept(receipt.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof NotDurableException published) {
                accept(published.receipt());
            }
            fail(new Failure(number, e.getCause() == null ? e : e.getCause()));
        }
        room.release();
    }

    private void accept(Receipt receipt) {
        accepted++;
        unprinted.writeBytes((line(receipt) + "\n").getBytes(StandardCharsets.UTF_8));
        if (unprinted.size() > PRINT_SIZE) {
            print();
        }
    }

    private String line(Receipt receipt) {
        return json
                ? Json.object(fields -> {
                    fields.writeStringProperty("id", receipt.id());
                    fields.writeStringProperty("queue", receipt.queue());
                    fields.writeStringProperty(
                            "durability", receipt.durability().toString());
                })
                : receipt.id();
    }

    /** Stdout may be closed; that is no reason to stop in the middle of the input. */
    private void print() {
        try {
            if (outputFailure == null && unprinted.size() > 0) {
                out.write(unprinted.toByteArray(), unprinted.size());
            }
        } catch (OutputException e) {
            outputFailure = e;
        }
        unprinted.reset();
    }

    /** Nothing is published after this returns; what was before it still gets its answer. */
    private void fail(Failure first) {
        publishing.lock();
        try {
            ended = true;
        } finally {
            publishing.unlock();
        }
        if (failure == null) {
            failure = first;
        }
    }

    private CommandFailure describe(Bodies bodies, Failure failed) {
        Throwable cause = failed.cause();
        int exitCode = accepted == 0 ? FailureReport.exitCode(cause) : ExitCode.FAILED;
        String message = FailureReport.message(cause);
        return new CommandFailure(
                exitCode,
                bodies.areLines()
                        ? "line " + failed.number()
                                + (cause instanceof NotDurableException
                                        ? " was accepted, but: "
                                        : " was not accepted: ")
                                + message + "; of " + answered
                                + " lines read, " + accepted + " were accepted"
                        : message,
                cause);
    }
}
