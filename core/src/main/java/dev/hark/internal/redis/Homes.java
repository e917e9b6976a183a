package dev.hark.internal.redis;

import dev.hark.internal.engine.Address;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * On which run of which server each session of this process was opened, queue by queue. Another run, by the id that Redis
 * gives itself when it starts, may have been rolled back, and give ids of lost messages to others: a session claims on one
 * run only, so that whatever is pending for it is what it has claimed.
 */
final class Homes {

    /** The home of a session that has been seen elsewhere: it has none any more, though the server may come back. */
    private static final String NONE = "none";

    private final Map<String, Map<Address, String>> runs = new ConcurrentHashMap<>(); // by session and queue

    void opened(String session, Address queue, String run) {
        runs.computeIfAbsent(session, it -> new ConcurrentHashMap<>()).put(queue, run);
    }

    /** Whether this is another run than the one on which the session was opened, as far as is known, or another has been. */
    boolean elsewhere(String session, Address queue, String run) {
        Map<Address, String> queues = runs.get(session);
        @Nullable String home = queues == null ? null : queues.get(queue);
        if (queues == null || home == null || home.isEmpty() || run.isEmpty() || home.equals(run)) {
            return false;
        }
        queues.replace(queue, NONE);
        return true;
    }

    void ended(String session, Address queue) {
        runs.computeIfPresent(session, (it, queues) -> {
            queues.remove(queue);
            return queues.isEmpty() ? null : queues;
        });
    }
}
