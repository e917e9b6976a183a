package dev.hark.internal.engine;

import dev.hark.Durability;
import dev.hark.QueueSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where messages come in. See {@link Store} for what holds for all of it. */
public interface PublishStore {

    /** How long a batch that is accepted may take to become as durable as is wanted. */
    Duration DURABLE_WITHIN = Duration.ofSeconds(3);

    /**
     * Takes the next numbered batch of a sender, or says why not. Then waits, for a bounded time, until the batch is as
     * durable as its settings want, and says what was reached; a repeated batch is waited for as the first time.
     *
     * @param meanwhile run once the batch is under way, before its reply is awaited; not at all if it could not be sent
     */
    PublishReply publish(Batch batch, Runnable meanwhile);

    /** Takes the next numbered batch of a sender, or says why not. */
    default PublishReply publish(Batch batch) {
        return publish(batch, () -> {});
    }

    /** The settings of a queue; {@link QueueSettings#NONE} unless somebody has set some. */
    QueueSettings settings(Address queue);

    /**
     * Sets settings of a queue. An operator's are those that he names, and nobody else changes them from then on; a
     * program's are all others, named or not. Says a {@link Hint} if that changes anything.
     */
    Configured configure(Address queue, QueueSettings settings, Owner owner);

    /** Forgets a sender that will publish no more. */
    void retire(Address queue, String sender);

    /**
     * The next batch of a sender; sent again byte for byte until its fate is known.
     *
     * @param settings of the queue, with what is wanted for this batch in place of it
     */
    record Batch(
            Address queue,
            String sender,
            long sequence,
            String nonce,
            List<Publication> messages,
            QueueSettings settings) {

        /** For a queue without settings. */
        public Batch(Address queue, String sender, long sequence, String nonce, List<Publication> messages) {
            this(queue, sender, sequence, nonce, messages, QueueSettings.NONE);
        }
    }

    /** A message that was accepted: its id, and how. */
    record Placed(String id, How how) {

        /** What became of it. */
        public enum How {
            /** It may be claimed. */
            READY,
            /** It waits until it is due. */
            LATER
        }
    }

    /** What became of a batch. */
    sealed interface PublishReply {
        /**
         * It is in the store, now or since an earlier try.
         *
         * @param placed one a message
         * @param reached how durable it is: never more than is certain
         */
        record Accepted(List<Placed> placed, boolean repeated, Durability reached) implements PublishReply {

            /** In memory, which is all that is known. */
            public Accepted(List<Placed> placed, boolean repeated) {
                this(placed, repeated, Durability.MEMORY);
            }

            /** What the same batch is answered again. */
            public Accepted again() {
                return new Accepted(placed, true);
            }
        }

        /** Not written, and this number is used up: the queue is full, and has room for fewer messages. */
        record Full(int room) implements PublishReply {}

        /** Not written: the store's last sequence of this sender is another one than expected. */
        record Gap(long last) implements PublishReply {}

        /** Not written: somebody else has used this sequence. */
        record Cloned() implements PublishReply {}
    }

    /**
     * What setting settings found.
     *
     * @param before what was set before, or null if nothing was
     * @param now what is set now
     */
    record Configured(@Nullable QueueSettings before, QueueSettings now) {}

    /** Whose a setting is. */
    enum Owner {
        /** What a program's code says. */
        CODE,

        /** What somebody has set by hand, and code does not change. */
        OPERATOR
    }
}
