package dev.hark;

import dev.hark.error.UnavailableException;
import dev.hark.event.Observer;
import dev.hark.internal.engine.ChannelStore;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreFailures;
import dev.hark.internal.engine.listen.ChannelLoop;
import org.jspecify.annotations.Nullable;

/**
 * A plain Redis Pub/Sub channel of that very name: whoever listens right now gets a message, at most once. What is
 * published while a subscriber is disconnected is lost to it.
 *
 * @param <T> the type of bodies
 * @see <a href="https://redis.io/docs/latest/develop/pubsub/">Redis Pub/Sub</a>
 */
public final class Channel<T> {

    private final Hark hark;
    private final String name;
    private final Codec<T> codec;
    private final ChannelStore store;

    Channel(Hark hark, String name, Codec<T> codec, ChannelStore store) {
        this.hark = hark;
        this.name = name;
        this.codec = codec;
        this.store = store;
    }

    /** The channel's name. */
    public String name() {
        return name;
    }

    /**
     * Publishes to whoever listens now.
     *
     * @return how many subscribers this server knows; in a cluster there may be more elsewhere
     * @throws UnavailableException if Redis did not answer; it may have been published
     */
    public long publish(T body) {
        byte[] bytes = Bodies.encode(codec, body, "channel " + name);
        try {
            return store.broadcast(name, bytes);
        } catch (StoreException e) {
            throw StoreFailures.of("channel " + name + ": cannot publish", e);
        }
    }

    /**
     * Subscribes. The handler is called with one message after the other, on one thread of Hark, which has nothing of
     * the thread that subscribes ({@link ListenerBuilder}); what it throws is reported and the subscription goes on. A lost connection is made again, and said to the {@link Observer}.
     *
     * @return closes the subscription; subscribed when this returns
     * @throws UnavailableException if Redis cannot be reached
     */
    public Listener subscribe(Handler<T> handler) {
        return hark.hear(name, false, ear(codec, (channel, body) -> handler.handle(body), handler));
    }

    /** Calls the user's handler, which sees the class loader of its own class, like those of {@link ListenerBuilder}. */
    static <T> ChannelLoop.Ear ear(Codec<T> codec, PatternHandler<T> handler, Object users) {
        @Nullable ClassLoader loader = users.getClass().getClassLoader();
        return (channel, bytes) -> {
            Thread.currentThread().setContextClassLoader(loader);
            handler.handle(channel, Bodies.decode(codec, bytes));
        };
    }

    @Override
    public String toString() {
        return "channel " + name;
    }
}
