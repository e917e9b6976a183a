package dev.hark.internal.engine.publish;

import dev.hark.Durability;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.BriefLock;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.QueueConfig;
import dev.hark.internal.engine.QueueConfigs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The publishers of one queue: one for messages without wishes of their own, and one for each durability that is wished
 * for, made when it first is. So nothing waits behind what waits for replicas or a disk, and what does shares the wait.
 */
public final class Publishers {

    /**
     * What a message wants other than is set for its queue.
     *
     * @param durability how safe it should be, or null for what is set
     * @param strict whether publishing fails if that is not reached, also if the queue is not strict
     */
    record Wish(@Nullable Durability durability, boolean strict) {

        static final Wish NONE = new Wish(null, false);

        /** The settings of the queue, but with what is wished for. */
        QueueSettings over(QueueSettings set) {
            QueueSettings wanted = durability == null ? set : set.durability(durability);
            return strict ? wanted.strict(true) : wanted;
        }
    }

    private final QueueConfig config;
    private final PublishStore store;
    private final Env env;
    private final Publisher plain;
    private final Map<Wish, Publisher> wishing = new ConcurrentHashMap<>(); // written with the lock held
    private final ReentrantLock lock = new BriefLock();
    private boolean closed; // guarded by the lock

    /** Prepares to publish; nothing is sent yet. */
    public Publishers(Address queue, QueueConfigs configs, PublishStore store, Env env) {
        config = configs.of(queue);
        this.store = store;
        this.env = env;
        plain = new Publisher(config, store, env, Wish.NONE);
    }

    /**
     * The publisher of messages that want this.
     *
     * @param durability how safe they should be, or null for what is set for the queue
     * @param strict whether publishing fails if that is not reached; it also does if the queue is strict
     */
    public Publisher of(@Nullable Durability durability, boolean strict) {
        if (durability == null && !strict) {
            return plain;
        }
        Wish wish = new Wish(durability, strict);
        Publisher known = wishing.get(wish);
        return known == null ? open(wish) : known;
    }

    private Publisher open(Wish wish) {
        lock.lock();
        try {
            Publisher publisher = wishing.computeIfAbsent(wish, it -> new Publisher(config, store, env, it));
            if (closed) {
                publisher.close(Duration.ZERO); // it has nothing to send, and takes nothing
            }
            return publisher;
        } finally {
            lock.unlock();
        }
    }

    /** Returns all, to be closed by the caller; those that are made from now on are closed from the start. */
    public List<Publisher> end() {
        lock.lock();
        try {
            closed = true;
            List<Publisher> all = new ArrayList<>(wishing.values());
            all.add(plain);
            return all;
        } finally {
            lock.unlock();
        }
    }
}
