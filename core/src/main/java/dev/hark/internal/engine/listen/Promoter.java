package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Hint;
import dev.hark.internal.engine.ListenStore;
import dev.hark.internal.engine.ListenStore.Promotion;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Moves messages that are due to where they are claimed. It knows when the next is due in each queue: from its own last
 * look, from each sweep, from what was settled here, and from a {@link Hint} when another process publishes an earlier
 * one. A hint only wakes; the sweep is the backstop.
 */
final class Promoter {

    private static final Duration FOREVER = Duration.ofHours(1);

    /** Each moves a message at least, however large it is. */
    private static final int TOGETHER = 20;

    private final ListenStore store;
    private final Slices slices;
    private final Env env;
    private final Map<Address, Long> dueAt = new ConcurrentHashMap<>(); // by env.nanos
    private final Loop promoting;

    Promoter(ListenStore store, Env env) {
        this.store = store;
        slices = new Slices(store, env);
        this.env = env;
        promoting = new Loop("promoting what is due", this::step, env);
    }

    void start() {
        promoting.start();
    }

    /** Notes when the next message of a queue is due. */
    void dueIn(Address queue, NextDue next) {
        if (next instanceof NextDue.In(long millis)) {
            long at = env.nanos().getAsLong() + TimeUnit.MILLISECONDS.toNanos(Math.min(millis, FOREVER.toMillis()));
            Long before = dueAt.get(queue);
            dueAt.merge(queue, at, (old, fresh) -> old - fresh <= 0 ? old : fresh);
            if (before == null || at - before < 0) {
                promoting.wake();
            }
        }
    }

    /** Promotes one step of each queue that has something due; returns how long until the next is. */
    Duration step() {
        long now = env.nanos().getAsLong();
        long wait = FOREVER.toNanos();
        List<Address> due = new ArrayList<>();
        for (Map.Entry<Address, Long> one : List.copyOf(dueAt.entrySet())) {
            if (one.getValue() - now <= 0) {
                dueAt.remove(one.getKey(), one.getValue());
                due.add(one.getKey());
            }
        }
        List<RuntimeException> failures = new ArrayList<>();
        slices.<Address, Promotion>send(
                due, queue -> queue, TOGETHER, store::promote, (queue, answer, sent, received) -> {
                    try {
                        dueIn(queue, answer.get().nextDue());
                    } catch (RuntimeException e) { // of one queue: nothing to the others
                        // Of a newer layout others promote; should it be lowered again, the sweep tells what is due.
                        if (!(e instanceof StoreException answered && answered.kind() == Kind.NEWER_LAYOUT)) {
                            dueAt.putIfAbsent(queue, now); // still due, after the loop's pause
                            failures.add(e);
                        }
                    }
                });
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        for (long at : dueAt.values()) {
            wait = Math.min(wait, at - env.nanos().getAsLong());
        }
        return Duration.ofNanos(Math.max(0, wait));
    }

    Loop loop() {
        return promoting;
    }

    void stop() {
        promoting.stop();
    }

    void join(Duration limit) {
        promoting.join(limit);
    }
}
