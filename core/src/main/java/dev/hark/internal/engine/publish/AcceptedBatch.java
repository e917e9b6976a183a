package dev.hark.internal.engine.publish;

import dev.hark.QueueSettings;
import dev.hark.Receipt;
import dev.hark.error.NotDurableException;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply.Accepted;
import java.util.concurrent.CompletableFuture;

/** Messages that were published together: all that travelled together, or as many of them as there was room for. */
record AcceptedBatch(Batch sent, Accepted accepted) {

    /** Tells who waits for a message what was reached, or that it was less than a strict publisher wants. */
    void tell(String id, CompletableFuture<Receipt> waiting) {
        Receipt receipt = new Receipt(id, sent.queue().name(), accepted.reached());
        QueueSettings wanted = sent.settings();
        if (!wanted.strict() || receipt.durability().satisfies(wanted.durability())) {
            waiting.complete(receipt);
        } else {
            waiting.completeExceptionally(new NotDurableException(
                    "queue " + sent.queue().name() + ": message " + id + " is in Redis, but reached only "
                            + receipt.durability() + " within " + PublishStore.DURABLE_WITHIN.toSeconds()
                            + " s; wanted "
                            + wanted.durability()
                            + ". It exists and will be handled; publishing it again makes a duplicate.",
                    receipt,
                    null));
        }
    }
}
