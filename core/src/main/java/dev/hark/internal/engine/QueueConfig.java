package dev.hark.internal.engine;

import dev.hark.QueueSettings;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is set for a queue, as this process knows it: read when it is asked for, again 5 s later, and at once where it is
 * said to have changed, which a process that only publishes does not hear. Safe for several threads.
 */
public final class QueueConfig {

    private static final Duration FRESH = Duration.ofSeconds(5);

    private record Known(QueueSettings settings, long at, long changes) {}

    private final Address queue;
    private final PublishStore store;
    private final Env env;
    private final AtomicLong changes = new AtomicLong(); // how often it was said to have changed
    private volatile @Nullable Known known;

    public QueueConfig(Address queue, PublishStore store, Env env) {
        this.queue = queue;
        this.store = store;
        this.env = env;
    }

    public Address queue() {
        return queue;
    }

    /** As it was read last, however long ago. */
    public QueueSettings last() {
        Known last = known;
        return last == null ? QueueSettings.NONE : last.settings;
    }

    /** Reads it unless it is fresh; where that fails, it is what it was, or a {@link StoreException} if it was never read. */
    public QueueSettings fresh() {
        Known last = known;
        if (last != null && last.changes == changes.get() && env.since(last.at).compareTo(FRESH) <= 0) {
            return last.settings;
        }
        long before = changes.get(); // what changes while it is read may or may not be in it
        try {
            QueueSettings read = store.settings(queue);
            known = new Known(read, env.nanos().getAsLong(), before);
            return read;
        } catch (StoreException e) {
            if (last != null) {
                return last.settings;
            }
            // whatever it was, no message was sent
            throw e.kind() == Kind.UNKNOWN ? new StoreException(Kind.NOT_NOW, String.valueOf(e.getMessage()), e) : e;
        }
    }

    /** Somebody has changed it. */
    public void stale() {
        changes.incrementAndGet();
    }
}
