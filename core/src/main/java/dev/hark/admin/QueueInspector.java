package dev.hark.admin;

import dev.hark.QueueSettings;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreFailures;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Everything that can be seen of one queue, and done to it by hand. Each call may throw what those of {@link Inspector} do.
 */
public final class QueueInspector {

    private final Address queue;
    private final Store store;

    QueueInspector(Address queue, Store store) {
        this.queue = queue;
        this.store = store;
    }

    /** The queue's name. */
    public String name() {
        return queue.name();
    }

    /** The figures of the queue; all zero if it does not exist. */
    public QueueInfo info() {
        return during("read its figures", () -> store.info(queue));
    }

    /** The settings of the queue; {@link QueueSettings#NONE} unless somebody has set some. */
    public QueueSettings settings() {
        return during("read its settings", () -> store.settings(queue));
    }

    /**
     * Changes settings of the queue, as an operator: programs that ask for others do not change them back, nor those that
     * are set to what they were. All others stay as they are, and the program's. Processes that listen to the queue go by
     * them at once, those that only publish within five seconds.
     *
     * @param change sets what is wanted in the present settings
     * @return the settings now
     */
    public QueueSettings configure(UnaryOperator<QueueSettings> change) {
        QueueSettings wanted = change.apply(settings());
        return during(
                "change its settings",
                () -> store.configure(queue, wanted, Owner.OPERATOR).now());
    }

    /** The queue's dead letters. */
    public DeadLetters dead() {
        return new DeadLetters(queue, store);
    }

    /** Removes the queue with everything in it. Whoever listens or publishes to it must have been closed before. */
    public void delete() {
        during("delete it", () -> {
            store.drop(queue);
            return true;
        });
    }

    private <R> R during(String what, Supplier<R> work) {
        return StoreFailures.during("queue " + queue.name() + ": cannot " + what, work);
    }

    @Override
    public String toString() {
        return "queue " + queue.name();
    }
}
