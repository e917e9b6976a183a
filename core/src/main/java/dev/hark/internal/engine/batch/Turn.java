package dev.hark.internal.engine.batch;

import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.batch.Buffer.Passing;
import dev.hark.internal.engine.batch.GroupCommit.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The turn to send, of which there is one. Whoever has it owns the batch that is under way, and goes on where the last has
 * stopped: for want of memory, whatever it does may end anywhere, and the turn must be lost nowhere.
 */
final class Turn<I> implements Runnable {

    /** Who has the turn, and sends. */
    interface Holder {
        /** Whether it is a caller, who only sends when all goes well. */
        boolean caller();

        /** What it does while a batch is on the wire. */
        void meanwhile();

        /** Whether it goes on with the next batch, if something waits. */
        boolean keepsTurn();
    }

    /** A caller with one item. */
    static final Holder CALLER = new Plain(true);

    private static final Holder OWN = new Plain(false);

    private record Plain(boolean caller) implements Holder {
        @Override
        public void meanwhile() {}

        @Override
        public boolean keepsTurn() {
            return !caller;
        }
    }

    private static final Batch NOTHING = new Batch() {
        @Override
        public boolean attempt(Runnable meanwhile) {
            return true;
        }

        @Override
        public void tell() {}
    };

    private final Buffer<I> buffer;
    private final Function<List<I>, Batch> freeze;
    private final Executor own;
    private final Env env;
    private volatile @Nullable Thread making; // who does something while a batch of it is on the wire

    // owned by whoever has the turn
    private @Nullable List<I> items; // of the batch
    private @Nullable Batch batch; // of these, once it is frozen
    private @Nullable Runnable completion; // of it, announced before it is sent
    private int failures;

    /**
     * Nobody's yet.
     *
     * @param own Hark's own threads, to which it is passed on
     */
    Turn(Buffer<I> buffer, Function<List<I>, Batch> freeze, Executor own, Env env) {
        this.buffer = buffer;
        this.freeze = freeze;
        this.own = own;
        this.env = env;
    }

    @Override
    public void run() {
        send(OWN);
    }

    void send(Holder holder) {
        while (true) {
            try {
                // a caller may be interrupted, or in no mood to wait: the rest is not its business
                if (failures > 0 && holder.caller()) {
                    own.execute(this);
                    return;
                }
                if (failures > 0) {
                    env.pause(failures - 1);
                }
                if (!prepared().attempt(() -> meanwhile(holder))) {
                    failures++;
                    continue;
                }
            } catch (Throwable e) { // there is no memory, for now: what it throws is no answer
                failures++;
                env.threads().rest(Env.REST);
                continue;
            }
            if (passedOn(holder)) {
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
            buffer.takeBatch(items);
            batch = items.isEmpty() ? NOTHING : freeze.apply(items); // it was closed in between
        }
        if (completion == null) {
            completion = buffer.expect(batch::tell);
        }
        return batch;
    }

    private void meanwhile(Holder holder) {
        making = Thread.currentThread();
        try {
            holder.meanwhile();
        } finally {
            making = null;
        }
    }

    /** Whether this thread is doing something while a batch of its own is on the wire. */
    boolean waitsForThisThread() {
        return making == Thread.currentThread();
    }

    /** Ends with a batch that is sent; says whether the turn is another's now, or nobody's. */
    private boolean passedOn(Holder holder) {
        Runnable sent = Objects.requireNonNull(completion);
        items = null;
        batch = null;
        completion = null;
        failures = 0;
        Passing passing = buffer.passTurn(holder.keepsTurn());
        if (passing == Passing.KEPT) {
            own.execute(sent);
            return false;
        }
        if (passing == Passing.HANDED_ON) {
            own.execute(this);
        }
        sent.run();
        return true;
    }
}
