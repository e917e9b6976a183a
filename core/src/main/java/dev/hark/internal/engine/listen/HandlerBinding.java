package dev.hark.internal.engine.listen;

import dev.hark.Codec;
import dev.hark.Message;
import dev.hark.MessageHandler;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Meta;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a listener does with the messages of one queue.
 *
 * @param queue the queue
 * @param codec reads bodies
 * @param handler the user's function
 * @param retry what follows when it throws
 * @param loader what both see as their thread's context class loader
 */
public record HandlerBinding<T>(
        Address queue,
        Codec<T> codec,
        MessageHandler<T> handler,
        RetryPolicy retry,
        @Nullable ClassLoader loader) {

    /** With the class loader of the handler's class. */
    public HandlerBinding(Address queue, Codec<T> codec, MessageHandler<T> handler, RetryPolicy retry) {
        this(queue, codec, handler, retry, handler.getClass().getClassLoader());
    }

    /** A message read and ready to be handled. */
    interface Prepared {
        Outcome handle() throws Exception;
    }

    /** Reads a message's body; throws when the codec cannot. */
    Prepared prepare(Envelope envelope, Meta meta, int attempt) throws Exception {
        Thread.currentThread().setContextClassLoader(loader); // each time: a handler may have set another, and left it
        T body = codec.decode(envelope.body());
        if (body == null) {
            throw new IllegalArgumentException("the body is null"); // as nobody publishes it; each attempt would get it
        }
        Message<T> message = new Message<>(
                envelope.id(),
                queue.name(),
                body,
                meta.type(),
                meta.key(),
                meta.headers(),
                attempt,
                Instant.ofEpochMilli(envelope.publishedAtMillis()));
        return () -> handler.handle(message);
    }
}
