package dev.hark.internal.memory;

import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The last numbered batch of each sender. Whoever uses it holds the store's lock. */
final class Senders {

    /** How long a sender is remembered: several times longer than a batch may stay unresolved. */
    private static final long TTL_MILLIS = Duration.ofDays(1).toMillis();

    /** The reply is what the batch was answered first. */
    private record Last(long sequence, String nonce, PublishReply reply, long expiresMillis) {}

    private final Map<String, Last> senders = new HashMap<>();

    /** Lets through exactly the batch after the last, answers that one as before, and refuses all others. */
    PublishReply take(Batch batch, long nowMillis, Supplier<PublishReply> write) {
        senders.values().removeIf(sender -> sender.expiresMillis() <= nowMillis);
        Last last = senders.getOrDefault(batch.sender(), new Last(0, "", new PublishReply.Gap(0), 0));
        if (batch.sequence() == last.sequence()) {
            if (!batch.nonce().equals(last.nonce())) {
                return new PublishReply.Cloned();
            }
            remember(batch, last.reply(), nowMillis);
            return last.reply() instanceof PublishReply.Accepted accepted ? accepted.again() : last.reply();
        }
        if (batch.sequence() != last.sequence() + 1) {
            return new PublishReply.Gap(last.sequence());
        }
        PublishReply reply = write.get();
        remember(batch, reply, nowMillis);
        return reply;
    }

    private void remember(Batch batch, PublishReply reply, long nowMillis) {
        senders.put(batch.sender(), new Last(batch.sequence(), batch.nonce(), reply, nowMillis + TTL_MILLIS));
    }

    void forget(String sender) {
        senders.remove(sender);
    }
}
