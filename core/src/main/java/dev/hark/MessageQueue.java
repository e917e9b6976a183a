package dev.hark;

import dev.hark.error.BodyTooLargeException;
import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.InvalidInputException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.NotDurableException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.QueueFullException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.error.WrongTypeException;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.Publication.Due;
import dev.hark.internal.engine.message.Meta;
import dev.hark.internal.engine.publish.Publisher;
import dev.hark.internal.engine.publish.Publishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A durable queue: each message goes to one listener, at least once. Publishing is coalesced: what several threads
 * publish at the same time goes to Redis together. Safe for use by several threads.
 *
 * @param <T> the type of bodies
 */
public final class MessageQueue<T> {

    /** How many characters type, key and headers may have together: they travel with every hand-over. */
    private static final int MAX_META = 64 << 10;

    private final String name;
    private final Codec<T> codec;
    private final int maxBody;
    private final Publishers publishers;

    MessageQueue(String name, Codec<T> codec, int maxBody, Publishers publishers) {
        this.name = name;
        this.codec = codec;
        this.maxBody = maxBody;
        this.publishers = publishers;
    }

    /** The queue's name. */
    public String name() {
        return name;
    }

    Codec<T> codec() {
        return codec;
    }

    /**
     * Publishes a message and returns when Redis has it, or throws within 30 s: counted from this call, or from when Redis
     * last accepted anything that was published to this queue with the same durability, so that what waits behind others
     * is not given up while they get on. A try that is under way then ends first.
     *
     * @param body what the handler gets, not null
     * @return the receipt
     * @throws InvalidInputException if the codec refuses the body, or type, key and headers exceed 64 Ki characters
     * @throws BodyTooLargeException if its bytes exceed {@link HarkBuilder#maxBody}
     * @throws NotPublishedException if it is certainly not in Redis
     * @throws NewerLayoutException if it is not, since a newer Hark has taken the queue over
     * @throws QueueFullException if the queue holds as many messages as it may
     * @throws PublishUnknownException if that cannot be known
     * @throws NotDurableException if it is in Redis, but not as safe as is wanted, and publishing is strict
     */
    public Receipt publish(T body) {
        return publish(body, PublishOptions.NONE);
    }

    /** Publishes with options, otherwise as {@link #publish(Object)}. */
    public Receipt publish(T body, PublishOptions options) {
        return await(publisher(options).publish(publication(body, options), true));
    }

    /**
     * Publishes without waiting, together with its neighbours. Blocks only while more than 16 MiB wait to be sent.
     *
     * @return completes when Redis has the message, or with what {@link #publish(Object)} would throw; its dependents
     *     run on a thread of Hark unless they ask for another, and one that does not end keeps those of the same batch from
     *     being told
     */
    public CompletableFuture<Receipt> publishAsync(T body) {
        return publishAsync(body, PublishOptions.NONE);
    }

    /** Publishes with options, otherwise as {@link #publishAsync(Object)}. */
    public CompletableFuture<Receipt> publishAsync(T body, PublishOptions options) {
        return publisher(options).publish(publication(body, options), false);
    }

    /**
     * Publishes messages in their order and returns when Redis has all of them. Not one transaction: when it throws,
     * some may have been published.
     *
     * @return a receipt for each, in order
     */
    public List<Receipt> publishAll(Collection<? extends T> bodies) {
        return publishAll(bodies, PublishOptions.NONE);
    }

    /** Publishes with options, otherwise as {@link #publishAll(Collection)}. */
    public List<Receipt> publishAll(Collection<? extends T> bodies, PublishOptions options) {
        List<CompletableFuture<Receipt>> underWay =
                publisher(options).publishAll(bodies.stream().map(body -> publication(body, options)));
        List<Receipt> receipts = new ArrayList<>(underWay.size());
        for (CompletableFuture<Receipt> receipt : underWay) {
            receipts.add(await(receipt));
        }
        return receipts;
    }

    private Publisher publisher(PublishOptions options) {
        return publishers.of(options.durability(), options.failsBelow());
    }

    private Publication publication(T body, PublishOptions options) {
        byte[] bytes = Bodies.encode(codec, body, "queue " + name);
        if (bytes.length > maxBody) {
            throw new BodyTooLargeException("queue " + name + ": the body has " + bytes.length
                    + " bytes, allowed are " + maxBody + ". It was not published; keep large data elsewhere and"
                    + " publish where, or allow more with Hark.builder().maxBody(…)");
        }
        String meta = new Meta(options.type(), options.key(), options.headers()).write();
        if (meta.length() > MAX_META) {
            throw new InvalidInputException("queue " + name + ": type, key and headers have " + meta.length()
                    + " characters as JSON, allowed are " + MAX_META + ". The message was not published");
        }
        return new Publication(due(options), meta, bytes);
    }

    private static Due due(PublishOptions options) {
        Duration delay = options.delay();
        if (delay != null) {
            return delay.toMillis() == 0 ? Publication.NOW : new Due.After(delay.toMillis());
        }
        return options.at() == null ? Publication.NOW : new Due.At(options.at().toEpochMilli());
    }

    private Receipt await(CompletableFuture<Receipt> receipt) {
        try {
            return receipt.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishUnknownException(
                    "queue " + name + ": interrupted while publishing; the message may be published all the same", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HarkException told ? again(told) : unforeseen(e);
        }
    }

    /** The same failure with the caller's own stack. */
    static HarkException again(HarkException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case InvalidInputException same -> new InvalidInputException(message, same);
            case BodyTooLargeException same -> new BodyTooLargeException(message, same);
            case WrongTypeException same -> new WrongTypeException(message, same);
            case NewerLayoutException same -> new NewerLayoutException(message, same);
            case UnavailableException same -> new UnavailableException(message, same);
            case UnsafeServerException same -> new UnsafeServerException(message, same);
            case NotPublishedException same -> new NotPublishedException(message, same);
            case QueueFullException same -> new QueueFullException(message, same);
            case PublishUnknownException same -> new PublishUnknownException(message, same);
            case NotDurableException same -> new NotDurableException(message, same.receipt(), same);
            case ClosedException same -> new ClosedException(message, same);
        };
    }

    /** Publishers promise to fail with a {@link HarkException}; what is none says nothing of the message. */
    private PublishUnknownException unforeseen(ExecutionException e) {
        return new PublishUnknownException(
                "queue " + name + ": it is unknown whether the message was published: " + e.getMessage(), e);
    }

    @Override
    public String toString() {
        return "queue " + name;
    }
}
