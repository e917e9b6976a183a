package dev.hark.internal.memory;

import dev.hark.internal.engine.Store.ChannelSource;
import dev.hark.internal.engine.Store.Heard;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who listens to which channels now. Thread-safe by itself. */
final class MemoryChannels {

    private static final long SIGN_OF_LIFE_SECONDS = 5;

    /** What a subscription hears last. */
    private static final Heard END = new Heard("", new byte[0]);

    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

    /** Gives a message to all who listen, in one order for all of them; says how many they were. */
    synchronized long broadcast(String channel, byte[] body) {
        long heard = 0;
        for (Subscription subscription : subscriptions) {
            if (subscription.channels.test(channel)) {
                subscription.arrived.add(new Heard(channel, body));
                heard++;
            }
        }
        return heard;
    }

    ChannelSource listen(Predicate<String> channels) {
        Subscription subscription = new Subscription(channels);
        subscriptions.add(subscription);
        return subscription;
    }

    void close() {
        subscriptions.forEach(Subscription::close);
    }

    private final class Subscription implements ChannelSource {

        private final Predicate<String> channels;
        private final BlockingQueue<Heard> arrived = new LinkedBlockingQueue<>();
        private volatile boolean closed;

        Subscription(Predicate<String> channels) {
            this.channels = channels;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the end is that very object
        public @Nullable Heard next() {
            try {
                Heard heard = closed ? END : arrived.poll(SIGN_OF_LIFE_SECONDS, TimeUnit.SECONDS);
                if (heard == END) {
                    throw new StoreException(Kind.NOT_NOW, "the subscription was closed", null);
                }
                return heard;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        @Override
        public void close() {
            closed = true;
            subscriptions.remove(this);
            arrived.add(END);
        }
    }
}
