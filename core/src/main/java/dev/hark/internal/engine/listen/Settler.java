package dev.hark.internal.engine.listen;

import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.batch.BatchLimits;
import dev.hark.internal.engine.batch.GroupCommit;
import dev.hark.internal.engine.listen.Gates.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Settles what one session did with one queue's messages. Nobody waits here for Redis: while outcomes cannot be settled, or
 * too many wait since they come faster than that, the queue is claimed no more. Batches are numbered, so that one whose reply
 * was lost can be sent again and is answered as the first time. What the store refuses has been handed over and is reported.
 */
final class Settler {

    /** An outcome, the message's own id, for reports, and how large its entry is. */
    record Item(Settlement settlement, String id, int bytes) {}

    /** Of what nobody here has seen: it goes alone. */
    static final int UNKNOWN_BYTES = Integer.MAX_VALUE;

    /** What a batch may cost, in the time that Redis needs for one plain done: everybody else waits meanwhile. */
    private static final int BATCH = 1_000;

    private static final int DONE = 1;

    /** What is deleted rather than trimmed, since it is large, is looked up and freed one by one. */
    private static final int DONE_LARGE = 4;

    /** And freeing takes its time: up to 0.2 ms for a mebibyte, of which a batch may free 50. */
    private static final int FREED_BYTES = 50 * ((1 << 20) / BATCH);

    /** What moves a message costs Redis 8 us, and done 0.3. */
    private static final int MOVE = 8;

    /** And each of its bytes is copied: 7 ms for a mebibyte, which is what a batch may move. */
    private static final int MOVED_BYTES = (1 << 20) / BATCH;

    private static final int ITEM_BYTES = 64;

    /** With so many outcomes waiting nothing more is claimed, until half of them are settled. */
    private static final int MOST_WAITING = 10_000;

    private final Address queue;
    private final String session;
    private final Gates gates;
    private final ListenStore store;
    private final Env env;
    private final Consumer<NextDue> nextDue;
    private final Consumer<List<Item>> settled;
    private final GroupCommit<Item> commit;

    private final AtomicInteger waiting = new AtomicInteger();
    private long sequence; // owned by whoever is sending
    private volatile boolean failing; // written by whoever is sending
    private volatile boolean abandoned;

    /**
     * Prepares to settle.
     *
     * @param gates closed for this queue while its outcomes cannot be settled
     * @param nextDue told when the next message is due, as far as a batch has shown
     * @param settled told which outcomes need no more care, applied or refused
     */
    Settler(
            Address queue,
            String session,
            Gates gates,
            ListenStore store,
            Env env,
            Consumer<NextDue> nextDue,
            Consumer<List<Item>> settled) {
        this.queue = queue;
        this.session = session;
        this.gates = gates;
        this.store = store;
        this.env = env;
        this.nextDue = nextDue;
        this.settled = settled;
        BatchLimits<Item> limits = new BatchLimits<>(BATCH, BATCH * ITEM_BYTES, Settler::load, Settler::size);
        commit = new GroupCommit<>(env, limits, Integer.MAX_VALUE, NumberedBatch::new);
    }

    private static int load(Item item) {
        return item.settlement instanceof Settlement.Done
                ? item.bytes < Settlement.Done.LARGE ? DONE : DONE_LARGE + item.bytes / FREED_BYTES
                : MOVE + item.bytes / MOVED_BYTES;
    }

    /** On the way to Redis. */
    private static int size(Item item) {
        return switch (item.settlement) {
            case Settlement.Again(String entry, long delay, String failure)
            when failure != null -> ITEM_BYTES + failure.length();
            case Settlement.Bury bury -> ITEM_BYTES + bury.reason().length();
            default -> ITEM_BYTES;
        };
    }

    /**
     * Settles soon; never blocks.
     *
     * @param bytes how large the entry is
     */
    void settle(Settlement settlement, String id, int bytes) {
        Item item = new Item(settlement, id, bytes);
        if (waiting.get() + 1 >= MOST_WAITING) { // first, for what is added is told, which opens the gate again
            gates.close(queue, Reason.UNSETTLED);
        }
        if (commit.add(item, false)) {
            waiting.incrementAndGet();
        }
    }

    /** Waits until all is settled; says whether that came in time. */
    boolean flush(Duration limit) {
        return commit.awaitIdle(limit);
    }

    /** Gives up what could not be settled: the messages will be handed over. */
    void abandon() {
        abandoned = true;
        commit.close();
    }

    private final class NumberedBatch implements GroupCommit.Batch {

        private final List<Item> items;
        private final SettleBatch batch;
        private boolean reported;
        private boolean counted; // as waiting no more

        NumberedBatch(List<Item> items) {
            this.items = items;
            List<Settlement> settlements = items.stream().map(Item::settlement).toList();
            batch = new SettleBatch(queue, session, ++sequence, settlements);
        }

        @Override
        public boolean attempt(Runnable meanwhile) {
            try {
                report(store.settle(batch));
                failing = false;
                return true;
            } catch (Throwable e) {
                // An outcome is never dropped: the messages stay pending until this goes well or the lease ends.
                failing = true;
                gates.close(queue, Reason.UNSETTLED);
                complain(e);
                return abandoned;
            }
        }

        private void complain(Throwable e) {
            boolean passing = e instanceof StoreException failure && failure.transientFailure();
            if (!passing && !reported) {
                reported = true;
                try {
                    env.events().accept(new Event.Trouble("settling messages of queue " + queue.name(), e));
                } catch (Throwable worse) {
                    // there is no memory to tell it
                }
            }
        }

        private void report(SettleReply reply) {
            nextDue.accept(reply.nextDue());
            if (reply.refused() > 0) {
                Map<String, String> ids = items.stream()
                        .collect(Collectors.toMap(item -> item.settlement.entry(), Item::id, (a, b) -> a));
                List<String> refused = new ArrayList<>();
                reply.refusedEntries().forEach(entry -> refused.add(ids.getOrDefault(entry, entry)));
                env.events().accept(new Event.Fenced(queue.name(), List.copyOf(refused), reply.refused()));
            }
        }

        @Override
        public void tell() {
            settled.accept(items);
            if (!counted) {
                counted = true;
                waiting.addAndGet(-items.size());
            }
            if (waiting.get() <= MOST_WAITING / 2 && !failing) {
                gates.open(queue, Reason.UNSETTLED);
            }
        }
    }
}
