package dev.hark.internal.engine.model;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.StoreRig;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store whose queues can be seen through, and emptied. */
public interface ModelRig extends StoreRig {

    /** All that is kept of a queue. */
    Seen look(Address queue, Collection<String> senders);

    /** Removes all that is kept of a queue. */
    void wipe(Address queue);

    /** What else other programs can do to it; null if there are none. */
    @Nullable
    OtherHands otherHands();

    /** What one should never do by hand. */
    interface OtherHands {

        void deleteEntries(Address queue, Collection<String> ids);

        void trim(Address queue, int left);

        void deleteConsumer(Address queue, String session);

        void destroyGroup(Address queue);

        void deleteStream(Address queue);

        void deleteHeld(Address queue, String member);

        /** Puts something that is no message among those that are due in a while. */
        void forgeHeld(Address queue, String member, String content, Duration due);

        /** Puts another type of value into a key of the queue while something is done. */
        void whileWrong(Address queue, String key, Runnable work);
    }

    /** The keys of a queue, and those of its senders. */
    Set<String> KEYS = Set.of("ready", "later", "held", "dead", "sessions", "settled", "stats");
}
