package dev.hark.simulation;

import dev.hark.internal.engine.StoreException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One request of a node's thread, which waits for the answer. */
final class Exchange<R> implements Reply<R> {

    private final Semaphore answered = new Semaphore(0);
    private @Nullable R result;
    private @Nullable StoreException failure;

    @Override
    public void gives(R given) {
        result = given;
        answered.release();
    }

    @Override
    public void fails(StoreException e) {
        failure = e;
        answered.release();
    }

    R await() {
        answered.acquireUninterruptibly();
        if (failure != null) {
            throw failure;
        }
        return result;
    }
}
