package dev.hark.simulation;

import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Time and chance. All threads of all nodes run on one real thread, one stretch between two waits after the other; which
 * is next is drawn by lot. No time passes while any can run; when none can, the clock jumps to the next alarm.
 */
final class World implements Threads {

    /** A world that takes more turns than this goes round in circles. */
    private static final int MOST_TURNS = 3_000_000;

    /** Something that happens at a point in time, unless it is called off before. */
    static final class Alarm implements Comparable<Alarm> {

        private final long at;
        private final long number;
        private @Nullable Runnable ring;

        private Alarm(long at, long number, Runnable ring) {
            this.at = at;
            this.number = number;
            this.ring = ring;
        }

        void callOff() {
            ring = null;
        }

        @Override
        public int compareTo(Alarm other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** A stretch of a node's thread that can run. */
    record Turn(Node node, Runnable stretch) {}

    /** A wait without end. */
    private interface Wait {
        void run() throws InterruptedException;
    }

    /** The only source of chance. */
    final SplittableRandom dice;

    private final boolean told;
    private final Thread real = Thread.currentThread();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final List<Turn> ready = new ArrayList<>();
    private volatile @Nullable IllegalStateException intruder;
    private long now;
    private long number;
    private long trace = 17;

    /**
     * Makes an empty world.
     *
     * @param told whether it prints what happens
     */
    World(long seed, boolean told) {
        dice = new SplittableRandom(seed);
        this.told = told;
    }

    // ---- time

    /** Nanoseconds since the beginning. */
    long now() {
        return now;
    }

    Alarm in(long nanos, Runnable ring) {
        Alarm alarm = new Alarm(now + nanos, number++, ring);
        alarms.add(alarm);
        return alarm;
    }

    /** Lets everything happen until a condition holds; false if it never will. */
    boolean runUntil(Supplier<Boolean> end) {
        for (int turns = 0; turns < MOST_TURNS; turns++) {
            if (intruder != null) {
                throw intruder;
            }
            if (!ready.isEmpty()) {
                take(dice.nextInt(ready.size()));
            } else if (end.get()) {
                return true;
            } else if (!jump()) {
                return false;
            }
        }
        return false;
    }

    private void take(int index) {
        Turn turn = ready.get(index);
        Turn last = ready.remove(ready.size() - 1);
        if (index < ready.size()) {
            ready.set(index, last);
        }
        note(turn.node.number() * 31L + index);
        turn.node.run(turn);
    }

    private boolean jump() {
        Alarm next = alarms.poll();
        while (next != null && next.ring == null) {
            next = alarms.poll();
        }
        if (next == null) {
            return false;
        }
        now = next.at;
        next.ring.run();
        return true;
    }

    // ---- chance

    boolean chance(double probability) {
        return probability > 0 && dice.nextDouble() < probability;
    }

    /** A length of time, in nanoseconds. */
    long between(Duration least, Duration most) {
        return dice.nextLong(least.toNanos(), most.toNanos() + 1);
    }

    // ---- the trace

    /** Mixes a number into the trace. */
    void note(long what) {
        trace = (trace ^ now ^ what) * 0x9E3779B97F4A7C15L;
        trace ^= trace >>> 29;
    }

    /** Notes what happens, and prints it if somebody reads along. */
    void tell(Node node, String kind, Supplier<String> what) {
        note(node.number() * 131L + kind.hashCode());
        if (told) {
            System.out.printf("%12.6f  %-4s %-10s %s%n", now / 1e9, node.name(), kind, what.get());
        }
    }

    /** The same for two runs in which the same happened in the same order. */
    long trace() {
        return trace;
    }

    // ---- threads

    void ready(Turn turn) {
        Thread here = Thread.currentThread();
        if (!here.isVirtual() && here != real) {
            intruder = new IllegalStateException(
                    here.getName() + " goes on with what waited by the real clock, or for a thread of another world");
        } else {
            ready.add(turn);
        }
    }

    @Override
    public Thread loop(String name, Runnable task) {
        throw new IllegalStateException("only a node makes threads");
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    public long await(Condition condition, long nanos) throws InterruptedException {
        long end = now + nanos;
        timed(nanos, condition::await);
        return end - now;
    }

    @Override
    public boolean acquire(Semaphore semaphore, int permits, long nanos) throws InterruptedException {
        return semaphore.tryAcquire(permits) || (nanos > 0 && timed(nanos, () -> semaphore.acquire(permits)));
    }

    @Override
    public boolean starvable() {
        return false;
    }

    @Override
    public void pause(long nanos) {
        try {
            timed(nanos, new Semaphore(0)::acquire);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a wait ended before its time was over. What is no thread of a node cannot wait at all. */
    private boolean timed(long nanos, Wait wait) throws InterruptedException {
        Thread waiting = Thread.currentThread();
        if (!waiting.isVirtual()) {
            return false;
        }
        boolean[] rung = {false};
        Alarm alarm = in(nanos, () -> {
            rung[0] = true;
            waiting.interrupt();
        });
        try {
            wait.run();
            if (rung[0]) {
                Thread.interrupted(); // it had ended just before
            }
            return true;
        } catch (InterruptedException e) {
            if (!rung[0]) {
                throw e;
            }
            return false;
        } finally {
            alarm.callOff();
        }
    }
}
