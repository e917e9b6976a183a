package dev.hark.internal.engine;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.message.Envelope;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be seen of queues, and done to them by hand. See {@link Store} for what holds for all of it. */
public interface InspectStore {

    /** The names of all queues that a Hark has used. */
    List<String> queues();

    /** The figures of a queue; all zero for one that does not exist. */
    QueueInfo info(Address queue);

    /** Dead letters after a position (or from the first, if null), oldest first. */
    List<Buried> dead(Address queue, @Nullable String after, int limit);

    /** The dead letter with this message id or position, the first if several have it. */
    @Nullable
    Buried findDead(Address queue, String idOrPosition);

    /** Puts dead letters back to be claimed, their attempts forgotten; says how many existed. */
    int revive(Address queue, Collection<String> positions);

    /** Removes dead letters; says how many existed. */
    int discard(Address queue, Collection<String> positions);

    /** What can be seen of each server that holds queues; none in memory. */
    List<ServerFacts> examine();

    /** What can be seen of a queue. Whatever is there is told: keys of the wrong type are not refused. */
    QueueFacts examine(Address queue);

    /** Counts messages that are nowhere as deleted, as far as that is certain now; says how many. */
    long writeOff(Address queue);

    /** Removes a queue with all that is in it. Listeners and publishers of it must have been closed. */
    void drop(Address queue);

    /** A dead letter as it is kept. */
    record Buried(String position, Envelope envelope, String reason, long diedAtMillis) {}
}
