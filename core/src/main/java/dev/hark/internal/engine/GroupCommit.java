package dev.hark.internal.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends items in batches, one on the wire at a time: while it is there, the next fills. Nothing waits for a timer, and
 * nothing waits at all when the wire is free.
 *
 * <p>Whoever adds an item while nobody is sending becomes the sender of one batch, on its own thread if it waits for the
 * result anyway and handlers cannot starve that thread. Then it passes the turn on to one of Hark's own threads, if more has
 * been added, and only afterwards tells the waiters, who may add again. A thread that adds many keeps the turn while it has
 * more, and makes the next while a batch is on the wire; one of Hark's own keeps it while anything waits. Both leave telling
 * to another thread: so the wire is not idle meanwhile.
 *
 * @param <I> an item
 */
final class GroupCommit<I> {

    /** A batch with fixed content. */
    interface Batch {
        /**
         * Tries to send it, the same each time; false when it must be tried again.
         *
         * @param meanwhile something to do while the answer is awaited; it may also be left undone
         */
        boolean attempt(Runnable meanwhile);

        /** Tells those who wait for it, after the turn has been passed on. */
        void tell();
    }

    /** Between tries to go on for which there was no memory, or no thread. */
    private static final long REST = Duration.ofMillis(100).toNanos();

    private static final Batch NOTHING = new Batch() {
        @Override
        public boolean attempt(Runnable meanwhile) {
            return true;
        }

        @Override
        public void tell() {}
    };

    private final Env env;
    private final int maxLoad;
    private final int maxBytes;
    private final int bufferBytes;
    private final ToIntFunction<I> load;
    private final ToIntFunction<I> size;
    private final Function<List<I>, Batch> freeze;

    private final ReentrantLock lock = new BriefLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<I> waiting = new ArrayDeque<>(); // guarded by lock, as all below
    private long waitingBytes;
    private CompletableFuture<?> room = new CompletableFuture<>(); // completed when less waits, and then replaced
    private boolean sending;
    private volatile @Nullable Batch underWay; // owned by whoever has the turn
    private final Runnable sendingOn = this::sendOn; // made before memory may be short
    private final Set<Thread> telling = new HashSet<>();
    private int untold; // batches that are sent and about to be told by another thread
    private boolean closed;
    private volatile @Nullable Thread making; // items, while a batch of it is on the wire

    /** Of items that cost the same, so that a batch takes so many. */
    GroupCommit(
            Env env,
            int maxItems,
            int maxBytes,
            int bufferBytes,
            ToIntFunction<I> size,
            Function<List<I>, Batch> freeze) {
        this(env, maxItems, maxBytes, bufferBytes, item -> 1, size, freeze);
    }

    /**
     * Prepares an empty buffer.
     *
     * @param maxLoad how much a batch costs whom it is sent to, in the same unit as {@code load}
     * @param maxBytes how many bytes a batch takes; a larger item goes alone
     * @param bufferBytes how many bytes may wait before adding blocks
     * @param freeze makes a batch; called by one thread at a time
     */
    GroupCommit(
            Env env,
            int maxLoad,
            int maxBytes,
            int bufferBytes,
            ToIntFunction<I> load,
            ToIntFunction<I> size,
            Function<List<I>, Batch> freeze) {
        this.env = env;
        this.maxLoad = maxLoad;
        this.maxBytes = maxBytes;
        this.bufferBytes = bufferBytes;
        this.load = load;
        this.size = size;
        this.freeze = freeze;
    }

    /**
     * Adds an item; blocks while the buffer is full.
     *
     * @param here whether the caller will wait for the result, so that its thread may send
     * @return false if closed, and then the item was not added
     */
    boolean add(I item, boolean here) {
        if (here && making == Thread.currentThread()) {
            throw new IllegalStateException("what makes the messages of a batch cannot publish one and wait for it");
        }
        boolean myTurn;
        awaitRoomAndLock();
        try {
            if (closed) {
                return false;
            }
            waiting.add(item);
            waitingBytes += size.applyAsInt(item);
            myTurn = !sending;
            sending = true;
        } finally {
            lock.unlock();
        }
        if (myTurn && here && !env.threads().starvable()) {
            send(nextBatch(), 0, CALLER);
        } else if (myTurn) {
            elsewhere(sendingOn);
        }
        return true;
    }

    /**
     * Adds items as they are made, and sends them on the caller's thread when nobody else is sending; blocks while the
     * buffer is full. What making one throws is thrown when those before it have been added.
     *
     * @return those that were made and not added, since it is closed; empty when all have been added
     */
    List<I> addAll(Iterator<I> items) {
        Adding adding = new Adding(items);
        while (adding.more()) {
            awaitRoomAndLock();
            lock.unlock();
            adding.fill();
            if (takeTurn()) {
                if (env.threads().starvable()) {
                    elsewhere(sendingOn);
                } else {
                    send(nextBatch(), 0, adding);
                }
            }
        }
        return adding.end();
    }

    /** Not by a condition: handlers publish, too, and would queue for the lock afterwards. */
    private void awaitRoomAndLock() {
        lock.lock();
        while (waitingBytes > bufferBytes && !closed) {
            CompletableFuture<?> awaited = room;
            lock.unlock();
            awaited.join();
            lock.lock();
        }
    }

    /** With the lock held. */
    private void tellOfRoom() {
        room.complete(null);
        room = new CompletableFuture<>();
    }

    private boolean takeTurn() {
        lock.lock();
        try {
            boolean mine = !sending && !waiting.isEmpty();
            sending |= mine;
            return mine;
        } finally {
            lock.unlock();
        }
    }

    /** Who sends: what it does while a batch is on the wire, and whether it goes on with the next. */
    private interface Sender {
        /** Whether it is a caller, who only sends when all goes well. */
        boolean caller();

        void meanwhile();

        /** Asked with the lock held, while something waits. */
        boolean keepsTurn();
    }

    private static final Sender CALLER = new Plain(true);
    private static final Sender OWN = new Plain(false);

    private record Plain(boolean caller) implements Sender {
        @Override
        public void meanwhile() {}

        @Override
        public boolean keepsTurn() {
            return !caller;
        }
    }

    /** A caller with many items: makes those of the next batch while one is on the wire. */
    private final class Adding implements Sender {

        private final Iterator<I> items;
        private final List<I> made = new ArrayList<>();
        private boolean added; // since a batch was last on the wire
        private boolean exhausted;
        private boolean refused;
        private @Nullable Throwable failure;

        Adding(Iterator<I> items) {
            this.items = items;
        }

        boolean more() {
            return !refused && !(exhausted && made.isEmpty());
        }

        /** Makes a batch's worth, and adds it if there is room. */
        void fill() {
            make();
            lock.lock();
            try {
                refused = closed;
                added = !closed && !made.isEmpty() && waitingBytes <= bufferBytes;
                if (added) {
                    waiting.addAll(made);
                    for (I item : made) {
                        waitingBytes += size.applyAsInt(item);
                    }
                    made.clear();
                }
            } finally {
                lock.unlock();
            }
        }

        private void make() {
            if (!made.isEmpty()) {
                return; // there was no room for these yet
            }
            try {
                long bytes = 0;
                int sum = 0;
                while (!exhausted && sum < maxLoad && bytes < maxBytes) {
                    if (items.hasNext()) {
                        I item = items.next();
                        made.add(item);
                        bytes += size.applyAsInt(item);
                        sum += load.applyAsInt(item);
                    } else {
                        exhausted = true;
                    }
                }
            } catch (RuntimeException | Error e) {
                failure = e; // a batch may be on the wire, whose answer comes first
                exhausted = true;
            }
        }

        @Override
        public boolean caller() {
            return true;
        }

        @Override
        public void meanwhile() {
            added = false;
            if (more()) {
                making = Thread.currentThread();
                try {
                    fill();
                } finally {
                    making = null;
                }
            }
        }

        @Override
        public boolean keepsTurn() {
            return added;
        }

        List<I> end() {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            return made;
        }
    }

    /** Whoever has the turn must not lose it: what there is no memory for is tried until there is. */
    private Batch nextBatch() {
        while (true) {
            List<I> items = List.of();
            try {
                items = new ArrayList<>();
                take(items);
                return items.isEmpty() ? NOTHING : freeze.apply(items); // it was closed in between
            } catch (OutOfMemoryError e) {
                putBack(items);
                env.threads().rest(REST);
            }
        }
    }

    private void take(List<I> items) {
        lock.lock();
        try {
            long bytes = 0;
            int sum = 0;
            for (I next = waiting.peek(); next != null; next = waiting.peek()) {
                int more = size.applyAsInt(next);
                sum += load.applyAsInt(next);
                if (!items.isEmpty() && (sum > maxLoad || bytes + more > maxBytes)) {
                    break;
                }
                items.add(next);
                waiting.remove();
                waitingBytes -= more;
                bytes += more;
            }
            tellOfRoom();
        } finally {
            lock.unlock();
        }
    }

    private void putBack(List<I> items) {
        lock.lock();
        try {
            for (int i = items.size() - 1; i >= 0; i--) {
                waiting.addFirst(items.get(i)); // there is room, since it was there before
                waitingBytes += size.applyAsInt(items.get(i));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs it on one of Hark's own threads, as soon as the JVM can make one. */
    private void elsewhere(Runnable task) {
        while (true) {
            try {
                env.own().execute(task);
                return;
            } catch (OutOfMemoryError e) {
                env.threads().rest(REST);
            }
        }
    }

    /** Tries to send; what it throws for want of memory is no answer. */
    private static boolean attempt(Batch batch, Sender sender) {
        try {
            return batch.attempt(sender::meanwhile);
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** Says whether another thread goes on with it. */
    private boolean handOver(Batch failed) {
        try {
            elsewhere(() -> {
                pause(0);
                sendOn(failed, 1);
            });
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private void tellLater(Batch sent) {
        try {
            elsewhere(() -> tellElsewhere(sent::tell));
        } catch (OutOfMemoryError e) {
            tellElsewhere(sent::tell);
        }
    }

    private void pause(int failures) {
        try {
            env.pause(failures);
        } catch (OutOfMemoryError e) {
            env.threads().rest(REST);
        }
    }

    /** Notes, with the lock held, that this thread tells; says whether it did not before, as far as can be noted. */
    private boolean tells() {
        try {
            return telling.add(Thread.currentThread());
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private void sendOn() {
        sendOn(nextBatch(), 0);
    }

    /** The turn is nobody else's until it is passed on: what is thrown meanwhile, for want of memory, must not end it. */
    private void sendOn(Batch first, int failures) {
        Batch batch = first;
        int tries = failures;
        while (batch != null) {
            try {
                send(batch, tries, OWN);
                return;
            } catch (Throwable e) {
                env.threads().rest(REST);
                batch = underWay;
                tries = 1;
            }
        }
    }

    private void send(Batch first, int failures, Sender sender) {
        Batch batch = first;
        while (true) {
            underWay = batch;
            int tries = failures;
            while (!attempt(batch, sender)) {
                // a caller may be interrupted, or in no mood to wait: the rest is not its business
                if (sender.caller() && handOver(batch)) {
                    return;
                }
                pause(tries++);
            }
            if (!keepTurn(sender)) {
                break;
            }
            tellLater(batch);
            batch = nextBatch();
        }
        underWay = null;
        boolean outermost = passOn(); // not so when a callback has added and waits
        tell(batch::tell, outermost);
    }

    /** Whether the sender goes on while another thread tells. */
    private boolean keepTurn(Sender sender) {
        lock.lock();
        try {
            if (waiting.isEmpty() || !sender.keepsTurn()) {
                return false;
            }
            untold++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Tells something on another thread; whoever waits until all is idle waits for that as well. */
    void tell(Runnable what) {
        lock.lock();
        try {
            untold++;
        } finally {
            lock.unlock();
        }
        elsewhere(() -> tellElsewhere(what));
    }

    private void tellElsewhere(Runnable what) {
        boolean outermost;
        lock.lock();
        try {
            untold--;
            outermost = tells();
        } finally {
            lock.unlock();
        }
        tell(what, outermost);
    }

    private void tell(Runnable what, boolean outermost) {
        try {
            while (!ran(what)) {
                env.threads().rest(REST);
            }
        } finally {
            if (outermost) {
                told();
            }
        }
    }

    /** Says whether all have been told; who was told before minds no second time. */
    private static boolean ran(Runnable telling) {
        try {
            telling.run();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private boolean passOn() {
        boolean more;
        boolean outermost;
        lock.lock();
        try {
            more = !waiting.isEmpty();
            sending = more;
            outermost = tells();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (more) {
            elsewhere(sendingOn);
        }
        return outermost;
    }

    private void told() {
        lock.lock();
        try {
            telling.remove(Thread.currentThread());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing is waiting or being sent, and all have been told but those who are told on this thread, who may
     * ask for it; says whether that came in time.
     */
    boolean awaitIdle(Duration limit) {
        return awaitIdle(limit, Thread.currentThread());
    }

    /** As {@link #awaitIdle(Duration)}, for another thread that asks for it. */
    boolean awaitIdle(Duration limit, Thread asker) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (sending || untold > 0 || telling.size() > (telling.contains(asker) ? 1 : 0)) {
                if (left <= 0) {
                    return false;
                }
                left = env.threads().await(changed, left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, and returns what was not yet in a batch. */
    List<I> close() {
        lock.lock();
        try {
            closed = true;
            List<I> left = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
            tellOfRoom();
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }
}
