package dev.hark.internal.redis;

import dev.hark.internal.engine.Log;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.wire.Calls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.Protocol.Command;

/** Adds queues to the set of all queues. Only listings read it, so a failure is logged and tried again later. */
final class Registry {

    private static final Log LOG = Log.of(Registry.class);

    private final Calls calls;
    private final Keys keys;
    private final Set<String> registered = ConcurrentHashMap.newKeySet();

    Registry(Calls calls, Keys keys) {
        this.calls = calls;
        this.keys = keys;
    }

    /** Adds a queue, once; a failure waits for the next time. */
    void add(String queue) {
        if (!registered.contains(queue)) {
            try {
                calls.call(keys.queues(), Command.SADD, keys.queues(), queue);
                registered.add(queue);
            } catch (StoreException e) {
                LOG.debug("queue {} is not in {} yet: {}", queue, keys.queues(), e.getMessage());
            }
        }
    }

    /** Adds queues again, in one call: Redis may have lost them. */
    void renew(Collection<String> queues) {
        registered.removeAll(queues);
        if (!queues.isEmpty()) {
            try {
                List<Object> args = new ArrayList<>(List.of(keys.queues()));
                args.addAll(queues);
                calls.call(keys.queues(), Command.SADD, args.toArray());
                registered.addAll(queues);
            } catch (StoreException e) {
                LOG.debug("queues {} are not in {} yet: {}", queues, keys.queues(), e.getMessage());
            }
        }
    }

    /** Adds a queue again with the next call: Redis may have lost it. */
    void doubt(String queue) {
        registered.remove(queue);
    }
}
