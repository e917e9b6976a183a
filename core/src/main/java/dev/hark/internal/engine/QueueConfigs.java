package dev.hark.internal.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is set for each queue that this process publishes to: one for all its publishers and listeners. */
public final class QueueConfigs {

    private final PublishStore store;
    private final Env env;
    private final Map<Address, QueueConfig> byQueue = new ConcurrentHashMap<>();

    /** Reads nothing yet. */
    public QueueConfigs(PublishStore store, Env env) {
        this.store = store;
        this.env = env;
    }

    public QueueConfig of(Address queue) {
        return byQueue.computeIfAbsent(queue, it -> new QueueConfig(it, store, env));
    }

    /** The settings of a queue were changed: whoever knows them reads them again. */
    public void stale(Address queue) {
        QueueConfig known = byQueue.get(queue);
        if (known != null) {
            known.stale();
        }
    }
}
