package dev.hark.internal.engine.publish;

import dev.hark.Durability;
import dev.hark.Overflow;
import dev.hark.QueueSettings;
import dev.hark.Receipt;
import dev.hark.error.ClosedException;
import dev.hark.error.HarkException;
import dev.hark.error.NewerLayoutException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.QueueFullException;
import dev.hark.error.WrongTypeException;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.PublishStore.PublishReply.Accepted;
import dev.hark.internal.engine.QueueConfig;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.batch.BatchLimits;
import dev.hark.internal.engine.batch.GroupCommit;
import dev.hark.internal.engine.publish.Publishers.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one queue, each message exactly once. Batches are numbered; a batch whose reply was lost is sent again
 * byte for byte, and the store, which takes only the next number, answers as the first time.
 */
public final class Publisher {

    private static final int BATCH_MESSAGES = 500;
    private static final int BATCH_BYTES = 256 << 10;
    private static final int BUFFER_BYTES = 16 << 20;

    /**
     * What is due later costs Redis 10 us, and what is due now 1.2: five hundred of them in one batch would make everybody
     * else wait for 5 ms each time, and so count for five each.
     */
    private static final int LOAD_OF_LATER = 5;

    /**
     * How long a message may wait, since it was handed over or anything was last accepted, before it is reported as not
     * published or unknown.
     */
    private static final Duration RESOLVE_WITHIN = Duration.ofSeconds(30);

    /** How long the next try is taken to last at most, if the last one took long; that may have been a pause of this process. */
    private static final long LONGEST_TRY_NANOS = Duration.ofSeconds(5).toNanos();

    private static final Duration GRACE = Duration.ofSeconds(1);

    /** A sender that was idle for longer takes a new identity, well before the store forgets the old one. */
    private static final Duration IDENTITY_IDLE = Duration.ofHours(12);

    /**
     * A message under way.
     *
     * @param here whether its publisher waits for the receipt, and nothing else hangs on that
     */
    private record Item(Publication publication, CompletableFuture<Receipt> receipt, boolean here, long added) {}

    private final Address queue;
    private final PublishStore store;
    private final Env env;
    private final QueueConfig config;
    private final Wish wish;
    private final GroupCommit<Item> commit;

    private volatile boolean closed; // what fails now is not tried again

    // owned by whoever is sending
    private @Nullable String sender;
    private long last; // the last number that the store has acknowledged to this sender
    private long lastAt;
    private @Nullable Long acceptedAt; // when anything was last accepted
    private @Nullable StoreException trouble; // why the last try failed; null if it did not
    private long trying; // how long that took
    private boolean astray; // a request of this sender, its reply lost, may still arrive

    /** Prepares to publish as is set for the queue, which nobody else is told of; nothing is sent yet. */
    public Publisher(Address queue, PublishStore store, Env env) {
        this(new QueueConfig(queue, store, env), store, env, Wish.NONE);
    }

    /** Prepares to publish with a wish; nothing is sent yet. */
    Publisher(QueueConfig config, PublishStore store, Env env, Wish wish) {
        queue = config.queue();
        this.config = config;
        this.store = store;
        this.env = env;
        this.wish = wish;
        BatchLimits<Item> limits =
                new BatchLimits<>(BATCH_MESSAGES, BATCH_BYTES, this::load, item -> item.publication.bytes());
        commit = new GroupCommit<>(env, limits, BUFFER_BYTES, NumberedBatch::new);
    }

    /** Counts what is due later for five, except where each batch waits for a disk or replicas: more batches would cost more. */
    private int load(Item item) {
        Durability wanted = wish.over(config.last()).durability();
        return item.publication.due() instanceof Publication.Due.Now || !(wanted instanceof Durability.Memory)
                ? 1
                : LOAD_OF_LATER;
    }

    /**
     * Publishes one message; blocks only while too many wait.
     *
     * @param here whether the caller will wait for the receipt, so that its thread may send
     * @return the receipt, or a {@link HarkException}
     */
    public CompletableFuture<Receipt> publish(Publication publication, boolean here) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        if (!commit.add(item(publication, receipt, here), here)) {
            receipt.completeExceptionally(closedBefore());
        }
        return receipt;
    }

    /**
     * Publishes messages as they are made, in their order, sending on the caller's thread while nobody else does; blocks
     * only while too many wait. What making one throws is thrown when those before it are under way.
     *
     * @return their receipts, each as of {@link #publish}
     */
    public List<CompletableFuture<Receipt>> publishAll(Stream<Publication> publications) {
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        Iterator<Item> items = publications
                .map(publication -> {
                    Item item = item(publication, new CompletableFuture<>(), true);
                    receipts.add(item.receipt);
                    return item;
                })
                .iterator();
        for (Item refused : commit.addAll(items)) {
            refused.receipt.completeExceptionally(closedBefore());
        }
        return receipts;
    }

    private Item item(Publication publication, CompletableFuture<Receipt> receipt, boolean here) {
        return new Item(publication, receipt, here, env.nanos().getAsLong());
    }

    private ClosedException closedBefore() {
        return new ClosedException("queue " + queue.name() + ": not published, since the Hark was closed before");
    }

    /** Closes for the thread that calls it; otherwise as {@link #close(Duration, Thread)}. */
    public void close(Duration deadline) {
        close(deadline, Thread.currentThread());
    }

    /**
     * Sends what waits, until the deadline; the rest is reported as not published, or unknown.
     *
     * @param asker who is not waited for, if it is being told of what it published, and closes now
     */
    public void close(Duration deadline, Thread asker) {
        commit.awaitIdle(deadline, asker);
        closed = true;
        Left left = new Left(); // made first: what is taken out is told
        left.items = commit.close();
        env.insist(left);
        // what is still under way needs its sender: forgotten now, it would look as if Redis had lost it
        if (commit.awaitIdle(GRACE, asker)) {
            retire();
        }
    }

    /** What was in no batch when it was closed. */
    private final class Left implements Runnable {

        private List<Item> items = List.of();

        @Override
        public void run() {
            for (Item item : items) {
                item.receipt.completeExceptionally(new NotPublishedException("queue " + queue.name()
                        + ": not published before the Hark was closed: Redis could not be reached, or the queue was"
                        + " full"));
            }
        }
    }

    private void retire() {
        String known = sender; // nobody is sending
        // what may still arrive would be taken for the first batch of a new sender, if this one were forgotten
        if (known != null && !astray) {
            try {
                store.retire(queue, known);
            } catch (StoreException e) {
                // only tidiness: what is kept of a sender expires by itself
            }
        }
    }

    private enum Next {
        DONE,
        AT_ONCE,
        LATER
    }

    private final class NumberedBatch implements GroupCommit.Batch {

        private final List<Item> items;
        private @Nullable Batch batch; // frozen when it is first tried
        private boolean maybeSent; // an earlier try may have been applied
        private final List<AcceptedBatch> accepted = new ArrayList<>(1); // those that are published: the first ones
        private int published; // how many are in those parts
        private int given; // these, and those after them that were given up while the others are tried on
        private @Nullable HarkException failure; // of the others

        NumberedBatch(List<Item> items) {
            this.items = items;
            if (sender == null || env.since(lastAt).compareTo(IDENTITY_IDLE) > 0) {
                takeNewIdentity();
            }
        }

        /** Numbers what is not yet published, or as much of it as there is room for. */
        private Batch number(int most) {
            List<Publication> messages = new ArrayList<>(items.size() - published);
            for (int i = published; i < items.size() && messages.size() < most; i++) {
                messages.add(items.get(i).publication);
            }
            return new Batch(
                    queue, String.valueOf(sender), last + 1, env.ids().get(), messages, wish.over(config.fresh()));
        }

        @Override
        public boolean attempt(Runnable meanwhile) {
            Next next = attemptOnce(meanwhile);
            while (next == Next.AT_ONCE) {
                next = attemptOnce(() -> {});
            }
            return next == Next.DONE;
        }

        private Next attemptOnce(Runnable meanwhile) {
            if (published == items.size()) {
                return Next.DONE; // and saying so failed
            }
            StoreException before = trouble;
            if (before != null && !maybeSent && !giveUpLate(failure(before))) {
                return Next.DONE; // its time was over before its turn came
            }
            long begun = env.nanos().getAsLong();
            try {
                if (batch == null) {
                    batch = number(Integer.MAX_VALUE);
                }
                PublishReply reply = store.publish(batch, meanwhile);
                trouble = null;
                trying = 0;
                return resolve(batch, reply);
            } catch (StoreException e) {
                trouble = e;
                trying = Math.min(LONGEST_TRY_NANOS, env.nanos().getAsLong() - begun);
                maybeSent |= e.kind() == Kind.UNKNOWN;
                astray |= e.kind() == Kind.UNKNOWN;
                if (e.transientFailure() && !closed) {
                    if (giveUpLate(failure(e))) {
                        return Next.LATER;
                    }
                } else {
                    failure = failure(e);
                }
                takeNewIdentity(); // this number may have been used or not
                return Next.DONE;
            } catch (RuntimeException | Error e) {
                maybeSent = true; // first, since what follows may fail as well
                failure = unknown(e);
                takeNewIdentity();
                return Next.DONE;
            }
        }

        /**
         * Tells those whose time is up, or would be after one more try, that they are given up; the others, which came later,
         * are tried on. Says whether there are such. The telling is left to another thread, for this one is to send.
         */
        private boolean giveUpLate(HarkException why) {
            List<Item> late = new ArrayList<>();
            for (Item item : items.subList(given, items.size())) {
                if (inTime(item)) {
                    break;
                }
                late.add(item);
            }
            if (!late.isEmpty()) {
                List<Item> here = items.subList(given, given + late.size());
                commit.tell(
                        () -> late.forEach(item -> item.receipt.completeExceptionally(why))); // first: else nobody does
                if (maybeSent) {
                    given += late.size(); // and sent again with the others, since it cannot be taken out
                } else {
                    here.clear();
                    batch = null;
                }
            }
            return given < items.size();
        }

        /** What was given up while its batch was frozen need not go with the others once it is not. */
        private void dropGivenUp() {
            items.subList(published, given).clear();
            given = published;
        }

        private boolean inTime(Item item) {
            Long accepted = acceptedAt;
            long since = accepted != null && accepted - item.added > 0 ? accepted : item.added;
            return env.since(since).plusNanos(trying).compareTo(RESOLVE_WITHIN) < 0;
        }

        private Next resolve(Batch sent, PublishReply reply) {
            return switch (reply) {
                case Accepted answer -> {
                    accepted.add(new AcceptedBatch(sent, answer));
                    published += answer.placed().size();
                    given = published;
                    used(sent);
                    acceptedAt = lastAt;
                    yield published == items.size() ? Next.DONE : overflow(sent.settings(), 0);
                }
                case PublishReply.Full(int room) -> {
                    used(sent);
                    dropGivenUp();
                    yield overflow(sent.settings(), room);
                }
                case PublishReply.Gap(long kept) -> {
                    if (kept < last) {
                        env.events().accept(new Event.RolledBack(queue.name(), sent.sender(), last, kept));
                    }
                    yield kept == 0 && maybeSent ? forgotten() : again();
                }
                case PublishReply.Cloned() -> {
                    env.events().accept(new Event.SenderCloned(queue.name(), sent.sender()));
                    yield again();
                }
            };
        }

        private void used(Batch sent) {
            last = sent.sequence();
            batch = null; // what is left goes under the next number, whatever fails before it has one
            maybeSent = false;
            lastAt = env.nanos().getAsLong();
        }

        /**
         * Redis remembers nothing of the sender: its key has expired, or was deleted, after an earlier try was applied, or
         * that never was.
         */
        private Next forgotten() {
            failure = unknown(new IllegalStateException(
                    "the reply was lost, and meanwhile Redis has forgotten what this publisher had sent"));
            takeNewIdentity();
            return Next.DONE;
        }

        /** The batch was not written: it goes under a new identity. */
        private Next again() {
            dropGivenUp();
            takeNewIdentity();
            batch = null;
            return Next.AT_ONCE;
        }

        /** Not all fit into the queue: what does goes at once, the rest waits or is refused. */
        private Next overflow(QueueSettings full, int room) {
            if (room > 0) {
                batch = number(room);
                return Next.AT_ONCE;
            }
            batch = null;
            if (full.maxLength() == 0 || full.overflow() == Overflow.DROP_OLDEST) {
                return Next.AT_ONCE; // the settings have changed in between: there is room for the rest
            }
            failure = full(full);
            if (full.overflow() == Overflow.BLOCK && !closed) {
                if (!giveUpLate(failure)) {
                    return Next.DONE;
                }
                if (Thread.currentThread().isInterrupted()) {
                    return Next.LATER; // on another thread
                }
                env.pause(1);
                return closed ? Next.DONE : Next.AT_ONCE;
            }
            return Next.DONE;
        }

        private QueueFullException full(QueueSettings full) {
            return new QueueFullException(
                    "queue " + queue.name() + ": not published, since it holds as many messages as it"
                            + " may: " + full.maxLength()
                            + (full.overflow() == Overflow.BLOCK ? waitedInVain() : "")
                            + ". Publishing again makes no duplicate.");
        }

        private String waitedInVain() {
            return closed ? ", and the Hark was closed" : ", and none left for " + RESOLVE_WITHIN.toSeconds() + " s";
        }

        private HarkException failure(StoreException e) {
            if (maybeSent) {
                return unknown(e);
            }
            String what = "queue " + queue.name() + ": not published: " + e.getMessage();
            return switch (e.kind()) {
                case WRONG_TYPE -> new WrongTypeException(what, e);
                case NEWER_LAYOUT -> new NewerLayoutException(what, e);
                case NOT_NOW, UNKNOWN, NEVER ->
                    new NotPublishedException(what + ". Publishing again makes no duplicate.", e);
            };
        }

        private HarkException unknown(Throwable e) {
            return new PublishUnknownException(
                    "queue " + queue.name() + ": it is unknown whether the message was published: " + e.getMessage()
                            + ". Publishing again may make a duplicate.",
                    e);
        }

        /**
         * Those who wait come first, for nobody else's code hangs on that. What hangs on the others runs elsewhere if the
         * thread may be that of one who waits.
         */
        @Override
        public void tell() {
            tell(true);
            if (items.stream().noneMatch(Item::here)) {
                tell(false);
            } else if (!items.stream().allMatch(Item::here)) {
                commit.tell(() -> tell(false));
            }
        }

        private void tell(boolean here) {
            Iterator<Item> inTurn = items.iterator();
            for (AcceptedBatch batch : accepted) {
                batch.accepted().placed().forEach(one -> {
                    Item item = inTurn.next();
                    if (item.here == here) {
                        batch.tell(one.id(), item.receipt);
                    }
                });
            }
            items.subList(given, items.size()).stream()
                    .filter(item -> item.here == here)
                    .forEach(item -> item.receipt.completeExceptionally(Objects.requireNonNull(failure)));
        }
    }

    private void takeNewIdentity() {
        sender = env.ids().get();
        last = 0;
        lastAt = env.nanos().getAsLong();
        astray = false;
    }
}
