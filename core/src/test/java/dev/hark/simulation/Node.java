package dev.hark.simulation;

import dev.hark.event.Event;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.engine.listen.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;

/** One process: its threads, and what may befall it as a whole. */
final class Node implements Threads {

    private enum State {
        RUNNING,
        PAUSED,
        CRASHED
    }

    private final World world;
    private final int number;
    private final Consumer<Throwable> broken;
    private final double restlessness;
    private final Env env;
    private final Isolation isolation = new Isolation();
    private final List<World.Turn> frozen = new ArrayList<>();
    private State state = State.RUNNING;
    private boolean cut;
    private boolean blameless = true;
    private final List<Thread> threads = new ArrayList<>();
    private int ids;

    /**
     * Makes a process.
     *
     * @param restlessness how likely a thread is to be put aside when it looks at the clock
     * @param broken told what ends a thread that should not end so
     */
    Node(World world, int number, double restlessness, Consumer<Event> events, Consumer<Throwable> broken) {
        this.world = world;
        this.number = number;
        this.restlessness = restlessness;
        this.broken = broken;
        env = new Env(
                this::nanos,
                this,
                new Random(world.dice.nextLong()),
                () -> name() + "-" + ++ids,
                task -> start("handler", task),
                task -> start("task", task),
                events);
    }

    int number() {
        return number;
    }

    String name() {
        return "n" + number;
    }

    Env env() {
        return env;
    }

    Isolation isolation() {
        return isolation;
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is the world, and can be relied on
    private long nanos() {
        if (Thread.currentThread().isVirtual() && world.chance(restlessness)) {
            Thread.yield();
        }
        return world.now();
    }

    // ---- threads

    void start(String name, Runnable task) {
        loop(name, task).start();
    }

    @Override
    public Thread loop(String name, Runnable task) {
        Thread thread = Steered.thread(stretch -> world.ready(new World.Turn(this, stretch)), name, () -> {
            try {
                task.run();
            } catch (Throwable e) {
                broken.accept(e);
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        return thread;
    }

    @Override
    public long await(Condition condition, long nanos) throws InterruptedException {
        return world.await(condition, nanos);
    }

    @Override
    public boolean acquire(Semaphore semaphore, int permits, long nanos) throws InterruptedException {
        return world.acquire(semaphore, permits, nanos);
    }

    @Override
    public void pause(long nanos) {
        world.pause(nanos);
    }

    /** All threads here are virtual, and none can starve another: callers send, as they mostly do. */
    @Override
    public boolean starvable() {
        return false;
    }

    /** The names of threads that have begun, or are about to, and have not ended. */
    List<String> threads() {
        return threads.stream().map(Thread::getName).toList();
    }

    void run(World.Turn turn) {
        switch (state) {
            case RUNNING -> turn.stretch().run();
            case PAUSED -> frozen.add(turn);
            case CRASHED -> {}
        }
    }

    // ---- what befalls it

    void freeze() {
        if (state == State.RUNNING) {
            state = State.PAUSED;
            blameless = false;
        }
    }

    void thaw() {
        if (state == State.PAUSED) {
            state = State.RUNNING;
            frozen.forEach(world::ready);
            frozen.clear();
        }
    }

    void crash() {
        state = State.CRASHED;
        blameless = false;
        frozen.clear();
    }

    boolean crashed() {
        return state == State.CRASHED;
    }

    boolean running() {
        return state == State.RUNNING;
    }

    /** Cuts it off from the store, or connects it again. */
    void cut(boolean off) {
        cut = off;
        blameless &= !off;
    }

    boolean cut() {
        return cut;
    }

    /** Something went wrong that may cost its lease. */
    void blame() {
        blameless = false;
    }

    /** Whether nothing has befallen it for which others may take it for dead. */
    boolean blameless() {
        return blameless;
    }
}
