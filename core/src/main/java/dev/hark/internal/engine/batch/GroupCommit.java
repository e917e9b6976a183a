package dev.hark.internal.engine.batch;

import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.batch.Buffer.Added;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

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
public final class GroupCommit<I> {

    /** A batch with fixed content. */
    public interface Batch {
        /**
         * Tries to send it, the same each time; false when it must be tried again.
         *
         * @param meanwhile something to do while the answer is awaited; it may also be left undone
         */
        boolean attempt(Runnable meanwhile);

        /** Tells those who wait for it, after the turn has been passed on; again, if there was no memory to tell all. */
        void tell();
    }

    private final Env env;
    private final BatchLimits<I> limits;
    private final Buffer<I> buffer;
    private final Turn<I> turn;

    /**
     * Prepares an empty buffer.
     *
     * @param capacity how many bytes may wait before adding blocks
     * @param freeze makes a batch; called by one thread at a time
     */
    public GroupCommit(Env env, BatchLimits<I> limits, int capacity, Function<List<I>, Batch> freeze) {
        this.env = env;
        this.limits = limits;
        buffer = new Buffer<>(env, limits, capacity);
        turn = new Turn<>(buffer, freeze, this::elsewhere, env);
    }

    /**
     * Adds an item; blocks while the buffer is full.
     *
     * @param here whether the caller will wait for the result, so that its thread may send
     * @return false if closed, and then the item was not added
     */
    public boolean add(I item, boolean here) {
        if (here && turn.waitsForThisThread()) {
            throw new IllegalStateException("what makes the messages of a batch cannot publish one and wait for it");
        }
        Added added = buffer.add(item);
        if (added == Added.TURN_TAKEN) {
            if (here) {
                send(Turn.CALLER);
            } else {
                elsewhere(turn);
            }
        }
        return added != Added.REFUSED;
    }

    /**
     * Adds items as they are made, and sends them on the caller's thread when nobody else is sending; blocks while the
     * buffer is full. What making one throws is thrown when those before it have been added.
     *
     * @return those that were made and not added, since it is closed; empty when all have been added
     */
    public List<I> addAll(Iterator<I> items) {
        Adding<I> adding = new Adding<>(items, buffer, limits);
        while (adding.more()) {
            buffer.awaitRoom();
            adding.fill();
            if (buffer.takeTurn()) {
                send(adding);
            }
        }
        return adding.end();
    }

    private void send(Turn.Holder caller) {
        if (env.threads().starvable()) {
            elsewhere(turn);
        } else {
            turn.send(caller);
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
    public void tell(Runnable what) {
        elsewhere(buffer.expect(what));
    }

    /** Waits until nothing is waiting, being sent, or being told on another thread; says whether that came in time. */
    public boolean awaitIdle(Duration limit) {
        return awaitIdle(limit, Thread.currentThread());
    }

    /** As {@link #awaitIdle(Duration)}, for another thread that asks for it. */
    public boolean awaitIdle(Duration limit, Thread asker) {
        return buffer.awaitIdle(limit, asker);
    }

    /** Takes nothing more, and returns what was not yet in a batch. */
    public List<I> close() {
        return buffer.close();
    }
}
