package dev.hark.internal.engine.publish;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.QueueConfig;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.publish.Publishers.Wish;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom the store knows a publisher as: an id, and the number of the last batch that it took from it. Owned by whoever is
 * sending, but for closing.
 */
final class Sender {

    /**
     * How long a message may wait, since it was handed over or anything was last accepted, before it is reported as not
     * published or unknown.
     */
    static final Duration RESOLVE_WITHIN = Duration.ofSeconds(30);

    /** How long the next try is taken to last at most, if the last one took long; that may have been a pause of this process. */
    private static final long LONGEST_TRY_NANOS = Duration.ofSeconds(5).toNanos();

    /** A sender that was idle for longer takes a new identity, well before the store forgets the old one. */
    private static final Duration IDENTITY_IDLE = Duration.ofHours(12);

    private final Address queue;
    private final QueueConfig config;
    private final Wish wish;
    private final PublishStore store;
    private final Env env;

    private @Nullable String id;
    private long last; // the last number that the store has acknowledged to this id
    private long lastAt;
    private @Nullable Long acceptedAt; // when anything was last accepted
    private @Nullable StoreException trouble; // why the last try failed; null if it did not
    private long trying; // how long that took
    private boolean astray; // a request of this id, its reply lost, may still arrive
    private volatile boolean closed; // what fails now is not tried again

    Sender(QueueConfig config, Wish wish, PublishStore store, Env env) {
        queue = config.queue();
        this.config = config;
        this.wish = wish;
        this.store = store;
        this.env = env;
    }

    String queue() {
        return queue.name();
    }

    /** Takes an identity if it has none, or has been idle for long. */
    void begin() {
        if (id == null || env.since(lastAt).compareTo(IDENTITY_IDLE) > 0) {
            renew();
        }
    }

    /** Takes a new identity: what is numbered from now on cannot be taken for anything that was sent before. */
    void renew() {
        id = env.ids().get();
        last = 0;
        lastAt = env.nanos().getAsLong();
        astray = false;
    }

    /** Freezes messages under the next number, with what is set for the queue now. */
    Batch number(List<Publication> messages) {
        return new Batch(queue, String.valueOf(id), last + 1, env.ids().get(), messages, wish.over(config.fresh()));
    }

    PublishReply send(Batch batch, Runnable meanwhile) {
        PublishReply reply = store.publish(batch, meanwhile);
        trouble = null;
        trying = 0;
        return reply;
    }

    /** Notes that a try that began then has failed. */
    void failed(StoreException e, long begun) {
        trouble = e;
        trying = Math.min(LONGEST_TRY_NANOS, env.nanos().getAsLong() - begun);
        astray |= e.kind() == Kind.UNKNOWN;
    }

    /** Notes that the store has taken a number, whether or not the batch found room. */
    void used(long sequence) {
        last = sequence;
        lastAt = env.nanos().getAsLong();
    }

    /** Notes that what was sent last was accepted. */
    void accepted() {
        acceptedAt = lastAt;
    }

    /** The last number that the store has taken from this identity. */
    long last() {
        return last;
    }

    /** Why the last try failed, or null if it did not. */
    @Nullable
    StoreException trouble() {
        return trouble;
    }

    /** Whether a message may wait for one more try. */
    boolean hasTimeFor(Pending message) {
        Long accepted = acceptedAt;
        long since = accepted != null && accepted - message.added() > 0 ? accepted : message.added();
        return env.since(since).plusNanos(trying).compareTo(RESOLVE_WITHIN) < 0;
    }

    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    /** Lets the store forget it, while nobody is sending. */
    void retire() {
        String known = id;
        // what may still arrive would be taken for the first batch of a new sender, if this one were forgotten
        if (known != null && !astray) {
            try {
                store.retire(queue, known);
            } catch (StoreException e) {
                // only tidiness: what is kept of a sender expires by itself
            }
        }
    }
}
