package dev.hark.internal.engine.batch;

import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A caller with many items: it makes those of the next batch while one is on the wire. */
final class Adding<I> implements Turn.Holder {

    private final Iterator<I> items;
    private final Buffer<I> buffer;
    private final BatchLimits<I> limits;

    @SuppressWarnings("JdkObsolete") // as in the buffer
    private final Queue<I> made = new LinkedList<>();

    private boolean added; // since a batch was last on the wire
    private boolean exhausted;
    private boolean refused;
    private @Nullable Throwable failure;

    Adding(Iterator<I> items, Buffer<I> buffer, BatchLimits<I> limits) {
        this.items = items;
        this.buffer = buffer;
        this.limits = limits;
    }

    boolean more() {
        return !refused && !(exhausted && made.isEmpty());
    }

    /** Makes a batch's worth, and adds it if there is room. */
    void fill() {
        if (made.isEmpty()) { // else there was no room for these yet
            make();
        }
        boolean any = !made.isEmpty();
        refused = !buffer.moveFrom(made);
        added = any && made.isEmpty();
    }

    private void make() {
        try {
            BatchLimits<I>.Count count = limits.new Count();
            while (!exhausted && !count.full()) {
                if (items.hasNext()) {
                    I item = items.next();
                    made.add(item);
                    count.add(item);
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
            try {
                fill();
            } catch (OutOfMemoryError e) {
                // left undone: that is no answer to what is on the wire
            }
        }
    }

    @Override
    public boolean keepsTurn() {
        return added;
    }

    /** What was made and not added; throws what making one has thrown. */
    List<I> end() {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        return List.copyOf(made);
    }
}
