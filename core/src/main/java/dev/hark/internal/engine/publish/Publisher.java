package dev.hark.internal.engine.publish;

import dev.hark.Durability;
import dev.hark.Receipt;
import dev.hark.error.HarkException;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.QueueConfig;
import dev.hark.internal.engine.batch.BatchLimits;
import dev.hark.internal.engine.batch.GroupCommit;
import dev.hark.internal.engine.publish.Publishers.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Publishes to one queue, each message exactly once. Batches are numbered; a batch whose reply was lost is sent again
 * byte for byte, and the store, which takes only the next number, answers as the first time.
 */
public final class Publisher {

    private static final int BATCH_MESSAGES = 500;
    private static final int BATCH_BYTES = 256 << 10;
    private static final int BUFFER_BYTES = 16 << 20;

    /**
     * What is due later costs Redis 10 us, and what is due now 1.2: five hundred of them in one batch would make everybody
     * else wait for 5 ms each time, and so count for five each.
     */
    private static final int LOAD_OF_LATER = 5;

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Env env;
    private final QueueConfig config;
    private final Wish wish;
    private final Sender sender;
    private final PublishFailures failures;
    private final GroupCommit<Pending> commit;

    /** Prepares to publish as is set for the queue, which nobody else is told of; nothing is sent yet. */
    public Publisher(Address queue, PublishStore store, Env env) {
        this(new QueueConfig(queue, store, env), store, env, Wish.NONE);
    }

    /** Prepares to publish with a wish; nothing is sent yet. */
    Publisher(QueueConfig config, PublishStore store, Env env, Wish wish) {
        this.env = env;
        this.config = config;
        this.wish = wish;
        sender = new Sender(config, wish, store, env);
        failures = new PublishFailures(sender.queue());
        BatchLimits<Pending> limits = new BatchLimits<>(
                BATCH_MESSAGES,
                BATCH_BYTES,
                this::load,
                item -> item.publication().bytes());
        commit = new GroupCommit<>(env, limits, BUFFER_BYTES, this::freeze);
    }

    private NumberedBatch freeze(List<Pending> items) {
        return new NumberedBatch(items, sender, failures, commit::tell, env);
    }

    /** Counts what is due later for five, except where each batch waits for a disk or replicas: more batches would cost more. */
    private int load(Pending item) {
        Durability wanted = wish.over(config.last()).durability();
        return item.publication().due() instanceof Publication.Due.Now || !(wanted instanceof Durability.Memory)
                ? 1
                : LOAD_OF_LATER;
    }

    /**
     * Publishes one message; blocks only while too many wait.
     *
     * @param here whether the caller will wait for the receipt, so that its thread may send
     * @return the receipt, or a {@link HarkException}
     */
    public CompletableFuture<Receipt> publish(Publication publication, boolean here) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        if (!commit.add(item(publication, receipt, here), here)) {
            receipt.completeExceptionally(failures.closedBefore());
        }
        return receipt;
    }

    /**
     * Publishes messages as they are made, in their order, sending on the caller's thread while nobody else does; blocks
     * only while too many wait. What making one throws is thrown when those before it are under way.
     *
     * @return their receipts, each as of {@link #publish}
     */
    public List<CompletableFuture<Receipt>> publishAll(Stream<Publication> publications) {
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        Iterator<Pending> items = publications
                .map(publication -> {
                    Pending item = item(publication, new CompletableFuture<>(), true);
                    receipts.add(item.receipt());
                    return item;
                })
                .iterator();
        for (Pending refused : commit.addAll(items)) {
            refused.receipt().completeExceptionally(failures.closedBefore());
        }
        return receipts;
    }

    private Pending item(Publication publication, CompletableFuture<Receipt> receipt, boolean here) {
        return new Pending(publication, receipt, here, env.nanos().getAsLong());
    }

    /** Closes for the thread that calls it; otherwise as {@link #close(Duration, Thread)}. */
    public void close(Duration deadline) {
        close(deadline, Thread.currentThread());
    }

    /**
     * Sends what waits, until the deadline; the rest is reported as not published, or unknown.
     *
     * @param asker who is not waited for, if it is being told of what it published, and closes now
     */
    public void close(Duration deadline, Thread asker) {
        commit.awaitIdle(deadline, asker);
        sender.close();
        Left left = new Left(); // made first: what is taken out is told
        left.items = commit.close();
        env.insist(left);
        // what is still under way needs its sender: forgotten now, it would look as if Redis had lost it
        if (commit.awaitIdle(GRACE, asker)) {
            sender.retire();
        }
    }

    /** What was in no batch when it was closed. */
    private final class Left implements Runnable {

        private List<Pending> items = List.of();

        @Override
        public void run() {
            for (Pending item : items) {
                item.receipt().completeExceptionally(failures.leftBehind());
            }
        }
    }
}
