package dev.hark.internal.memory;

import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ChannelStore.Heard;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who listens to which channels now. Thread-safe by itself. */
final class MemoryChannels<C> {

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    private final Threads threads;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    MemoryChannels(Threads threads) {
        this.threads = threads;
    }

    /** Gives a message to all who listen, in one order for all of them; says how many they were. */
    synchronized long broadcast(C channel, byte[] body) {
        long heard = 0;
        for (Subscription subscription : subscriptions) {
            if (subscription.channels.test(channel)) {
                subscription.arrives(new Heard<>(channel, body));
                heard++;
            }
        }
        return heard;
    }

    ChannelSource<C> listen(Predicate<C> channels) {
        Subscription subscription = new Subscription(channels);
        subscriptions.add(subscription);
        return subscription;
    }

    void close() {
        subscriptions.forEach(Subscription::close);
    }

    private final class Subscription implements ChannelSource<C> {

        private final Predicate<C> channels;
        private final Queue<Heard<C>> arrived = new ConcurrentLinkedQueue<>();
        private final Semaphore signals = new Semaphore(0); // one for each that arrived, and one for the end
        private volatile boolean closed;

        Subscription(Predicate<C> channels) {
            this.channels = channels;
        }

        void arrives(Heard<C> heard) {
            arrived.add(heard);
            signals.release();
        }

        @Override
        public @Nullable Heard<C> next() {
            try {
                boolean signalled = closed || threads.acquire(signals, 1, SIGN_OF_LIFE.toNanos());
                if (closed) {
                    throw new StoreException(Kind.NOT_NOW, "the subscription was closed", null);
                }
                return signalled ? arrived.remove() : null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        @Override
        public void close() {
            closed = true;
            subscriptions.remove(this);
            signals.release();
        }
    }
}
