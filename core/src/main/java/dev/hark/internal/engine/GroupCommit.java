package dev.hark.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
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

        /** Tells those who wait for it, after the turn has been passed on; again, if there was no memory to tell all. */
        void tell();
    }

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

    private final Turn turn = new Turn();

    private final ReentrantLock lock = new BriefLock();
    private final Condition changed = lock.newCondition();

    @SuppressWarnings("JdkObsolete") // an ArrayDeque that has no memory to grow is empty afterwards
    private final Queue<I> waiting = new LinkedList<>(); // guarded by lock, as all below

    private long waitingBytes;
    private CompletableFuture<?> room = new CompletableFuture<>(); // completed when less waits, and then replaced
    private boolean sending; // somebody has the turn
    private final List<Telling> untold = new ArrayList<>();
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
        boolean sends = here && !env.threads().starvable();
        int bytes = size.applyAsInt(item);
        boolean myTurn;
        awaitRoomAndLock();
        try {
            if (closed) {
                return false;
            }
            waiting.add(item);
            waitingBytes += bytes;
            myTurn = !sending;
            sending = true;
        } finally {
            lock.unlock();
        }
        if (myTurn && sends) {
            turn.send(CALLER);
        } else if (myTurn) {
            elsewhere(turn);
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
        boolean sends = !env.threads().starvable();
        while (adding.more()) {
            awaitRoomAndLock();
            lock.unlock();
            adding.fill();
            boolean myTurn = takeTurn();
            if (myTurn && sends) {
                turn.send(adding);
            } else if (myTurn) {
                elsewhere(turn);
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
        CompletableFuture<?> before = room;
        room = new CompletableFuture<>();
        before.complete(null);
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
        private int placed; // how many of them have been added
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
                    for (; placed < made.size(); placed++) { // where it had no memory, it goes on later
                        int bytes = size.applyAsInt(made.get(placed));
                        waiting.add(made.get(placed));
                        waitingBytes += bytes;
                    }
                    made.clear();
                    placed = 0;
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
                } catch (OutOfMemoryError e) {
                    // left undone: that is no answer to what is on the wire
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
            return made.subList(placed, made.size());
        }
    }

    /**
     * The turn to send. Whoever has it owns the batch that is under way, and goes on where the last has stopped: for want of
     * memory, whatever it does may end anywhere, and the turn must be lost nowhere.
     */
    private final class Turn implements Runnable {

        private @Nullable List<I> items; // of the batch
        private @Nullable Batch batch; // of these, once it is frozen
        private @Nullable Telling telling; // of it, made before it is sent
        private int failures;

        @Override
        public void run() {
            send(OWN);
        }

        void send(Sender sender) {
            while (true) {
                try {
                    // a caller may be interrupted, or in no mood to wait: the rest is not its business
                    if (failures > 0 && sender.caller()) {
                        elsewhere(this);
                        return;
                    }
                    if (failures > 0) {
                        env.pause(failures - 1);
                    }
                    if (!prepared().attempt(sender::meanwhile)) {
                        failures++;
                        continue;
                    }
                } catch (Throwable e) { // there is no memory, for now: what it throws is no answer
                    failures++;
                    env.threads().rest(Env.REST);
                    continue;
                }
                if (passedOn(sender)) {
                    return;
                }
            }
        }

        /** Makes each part of it once, however often there is no memory for the next. */
        private Batch prepared() {
            if (items == null) {
                items = new ArrayList<>();
            }
            if (batch == null) {
                take(items);
                batch = items.isEmpty() ? NOTHING : freeze.apply(items); // it was closed in between
            }
            if (telling == null) {
                telling = expect(batch::tell);
            }
            return batch;
        }

        /** Ends with a batch that is sent; says whether the turn is another's now, or nobody's. */
        private boolean passedOn(Sender sender) {
            Telling sent = Objects.requireNonNull(telling);
            boolean more;
            boolean keeps;
            lock.lock();
            try {
                more = !waiting.isEmpty();
                keeps = more && sender.keepsTurn();
                sending = more;
                items = null;
                batch = null;
                telling = null;
                failures = 0;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (keeps) {
                elsewhere(sent);
                return false;
            }
            if (more) {
                elsewhere(this);
            }
            sent.run();
            return true;
        }
    }

    /** Moves what goes together; may be called again for the same batch, where there was no memory for more of it. */
    private void take(List<I> items) {
        lock.lock();
        try {
            long bytes = 0;
            int sum = 0;
            for (I item : items) {
                bytes += size.applyAsInt(item);
                sum += load.applyAsInt(item);
            }
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

    /** Runs it on one of Hark's own threads, as soon as the JVM can make one. */
    private void elsewhere(Runnable task) {
        while (true) {
            try {
                env.own().execute(task);
                return;
            } catch (OutOfMemoryError e) {
                env.threads().rest(Env.REST);
            }
        }
    }

    /** Tells something on another thread; whoever waits until all is idle waits for that as well. */
    void tell(Runnable what) {
        elsewhere(expect(what));
    }

    private Telling expect(Runnable what) {
        Telling telling = new Telling(what);
        lock.lock();
        try {
            untold.add(telling);
            return telling;
        } finally {
            lock.unlock();
        }
    }

    /** Something to be told, as often as it takes until there is memory for all of it. */
    private final class Telling implements Runnable {

        private final Runnable what;
        private volatile @Nullable Thread by;

        Telling(Runnable what) {
            this.what = what;
        }

        @Override
        public void run() {
            by = Thread.currentThread();
            try {
                env.insist(what);
            } finally {
                lock.lock();
                try {
                    untold.remove(this);
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
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
            while (busyBut(asker)) {
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

    private boolean busyBut(Thread asker) {
        if (sending) {
            return true;
        }
        for (Telling telling : untold) {
            if (telling.by != asker) {
                return true;
            }
        }
        return false;
    }

    /** Takes nothing more, and returns what was not yet in a batch. */
    List<I> close() {
        lock.lock();
        try {
            List<I> left = List.copyOf(waiting);
            tellOfRoom();
            closed = true;
            waiting.clear();
            waitingBytes = 0;
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }
}
