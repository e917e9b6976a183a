package dev.hark.internal.memory;

import dev.hark.QueueSettings;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The store in the memory of one process, with the same transitions as the one on Redis: at least once, as long as the
 * process lives. Nothing outlives the process, nor the store itself.
 *
 * <p>Its clock may be turned by hand. What waits does so by way of {@link Threads}.
 */
public final class MemoryStore implements Store {

    private final LongSupplier clock;
    private final Threads threads;
    private final MemoryChannels<String> channels;
    private final MemoryChannels<Address> hints;

    /** One for all queues: a claim waits on several of them. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition arrived = lock.newCondition();
    private final Map<Address, MemoryQueue> queues = new HashMap<>(); // guarded by the lock

    /** Makes an empty store that goes by the system's clock. */
    public MemoryStore() {
        this(System::currentTimeMillis, Threads.PLATFORM);
    }

    /**
     * Makes an empty store.
     *
     * @param clock milliseconds since 1970
     * @param threads how those who claim and listen wait
     */
    public MemoryStore(LongSupplier clock, Threads threads) {
        this.clock = clock;
        this.threads = threads;
        channels = new MemoryChannels<>(threads);
        hints = new MemoryChannels<>(threads);
    }

    // ---- publishing

    @Override
    public PublishReply publish(Batch batch, Runnable meanwhile) {
        meanwhile.run();
        return create(batch.queue(), queue -> queue.publish(batch));
    }

    @Override
    public QueueSettings settings(Address queue) {
        return at(queue, MemoryQueue::settings);
    }

    @Override
    public Configured configure(Address queue, QueueSettings settings, Owner owner) {
        return create(queue, known -> known.configure(settings, owner));
    }

    @Override
    public void retire(Address queue, String sender) {
        at(queue, known -> {
            known.retire(sender);
            return known;
        });
    }

    /** What another program would add with a command of its own; returns the entry's id. */
    String addForeign(Address queue, Map<String, String> fields) {
        return create(queue, known -> known.addForeign(fields)).toString();
    }

    // ---- listening

    @Override
    public Opened open(Address queue, String session, Duration lease) {
        return create(queue, known -> {
            known.open(session, lease.toMillis());
            return new Opened(false, 0);
        });
    }

    @Override
    public List<List<Address>> groups(List<Address> queues) {
        return List.of(List.copyOf(queues));
    }

    @Override
    public MemoryClaims claims(List<Address> queues) {
        return new MemoryClaims(lock, arrived, this::take, this::waits, queues, threads);
    }

    private List<Claimed> take(List<Address> from, String session, int max) {
        List<Claimed> claimed = new ArrayList<>();
        Address missing = null;
        for (Address queue : from) {
            MemoryQueue known = queues.get(queue);
            if (known == null || !known.opened()) {
                missing = queue;
            } else if (claimed.size() < max) {
                claimed.addAll(known.claim(session, max - claimed.size()));
            }
        }
        if (missing != null && claimed.isEmpty()) {
            throw new StoreException(Kind.NOT_NOW, "queue '" + missing.name() + "' has not been opened", null);
        }
        return claimed;
    }

    /** Whether a claim would bring something, if only that a queue was not opened. */
    private boolean waits(List<Address> in) {
        return in.stream().map(queues::get).anyMatch(queue -> queue == null || !queue.opened() || queue.waiting());
    }

    @Override
    public SettleReply settle(SettleBatch batch) {
        return at(batch.queue(), queue -> queue.settle(batch));
    }

    @Override
    public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
        return at(queue, known -> known.sweep(session, lease.toMillis(), cursor));
    }

    @Override
    public Takeover takeOver(Address queue, String session, TakeoverMode mode) {
        return at(queue, known -> known.takeOver(session, mode));
    }

    @Override
    public Promotion promote(Address queue) {
        return at(queue, MemoryQueue::promote);
    }

    @Override
    public ChannelSource<Address> hints(List<Address> queues) {
        return hints.listen(Set.copyOf(queues)::contains);
    }

    // ---- looking and mending

    @Override
    public List<String> queues() {
        lock.lock();
        try {
            return queues.keySet().stream()
                    .map(Address::name)
                    .distinct()
                    .sorted()
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public QueueInfo info(Address queue) {
        return at(queue, MemoryQueue::info);
    }

    @Override
    public List<Buried> dead(Address queue, @Nullable String after, int limit) {
        return at(queue, known -> known.dead().after(after, limit));
    }

    @Override
    public @Nullable Buried findDead(Address queue, String idOrPosition) {
        return at(queue, known -> known.dead().find(idOrPosition));
    }

    @Override
    public int revive(Address queue, Collection<String> positions) {
        return at(queue, known -> known.revive(positions));
    }

    @Override
    public int discard(Address queue, Collection<String> positions) {
        return at(queue, known -> known.discard(positions));
    }

    @Override
    public List<ServerFacts> examine() {
        return List.of();
    }

    @Override
    public QueueFacts examine(Address queue) {
        return at(queue, MemoryQueue::examine);
    }

    /** Nobody can lose one by hand. */
    @Override
    public long writeOff(Address queue) {
        return 0;
    }

    @Override
    public void drop(Address queue) {
        lock.lock();
        try {
            queues.remove(queue);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- channels

    @Override
    public long broadcast(String channel, byte[] body) {
        return channels.broadcast(channel, body);
    }

    @Override
    public ChannelSource<String> listen(String channelOrPattern, boolean pattern) {
        return channels.listen(pattern ? new Glob(channelOrPattern)::matches : channelOrPattern::equals);
    }

    @Override
    public void close() {
        channels.close();
        hints.close();
    }

    /** A transition of a queue; one that does not exist yet is made. */
    private <R> R create(Address queue, Function<MemoryQueue, R> transition) {
        lock.lock();
        try {
            queues.computeIfAbsent(queue, this::empty);
            return at(queue, transition);
        } finally {
            lock.unlock();
        }
    }

    /** A transition of a queue; one that does not exist is taken for empty. */
    private <R extends @Nullable Object> R at(Address queue, Function<MemoryQueue, R> transition) {
        lock.lock();
        try {
            MemoryQueue known = queues.get(queue);
            R result = transition.apply(known == null ? empty(queue) : known);
            arrived.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    private MemoryQueue empty(Address queue) {
        return new MemoryQueue(queue, clock, hint -> hints.broadcast(queue, hint.bytes()));
    }
}
