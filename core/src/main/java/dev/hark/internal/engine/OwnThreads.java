package dev.hark.internal.engine;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads for Hark's own tasks: of the platform, made as they are needed, kept for a while. Their number has no bound, since
 * what waits for a server that hangs would else keep the others from working. There is no lock in it, unlike in the pools
 * of the JDK: handlers hand tasks over, and one that was left without a carrier while it queues for a lock, or has it, would
 * stop all.
 */
final class OwnThreads implements Executor {

    private static final long KEPT_NANOS = Duration.ofSeconds(5).toNanos();

    private final String name;
    private final AtomicInteger made = new AtomicInteger();
    private final ConcurrentLinkedDeque<Worker> idle = new ConcurrentLinkedDeque<>(); // who was idle last comes first

    /**
     * Makes no thread yet.
     *
     * @param name what their names begin with
     */
    OwnThreads(String name) {
        this.name = name;
    }

    @Override
    public void execute(Runnable task) {
        for (Worker worker = idle.poll(); worker != null; worker = idle.poll()) {
            if (worker.next.compareAndSet(null, task)) {
                LockSupport.unpark(worker.thread);
                return;
            }
        }
        new Worker(task).thread.start();
    }

    private final class Worker implements Runnable {

        private final Thread thread;
        private final AtomicReference<@Nullable Runnable> next; // null while it is idle, itself at the end

        Worker(Runnable first) {
            next = new AtomicReference<>(first);
            thread = Threads.platform(name + made.incrementAndGet()).unstarted(this);
        }

        @Override
        public void run() {
            for (Runnable task = next.get(); task != null; task = await()) {
                try {
                    task.run();
                } catch (Throwable e) {
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
                }
            }
        }

        private @Nullable Runnable await() {
            next.set(null);
            idle.push(this);
            long since = System.nanoTime();
            for (long left = KEPT_NANOS;
                    next.get() == null && left > 0;
                    left = KEPT_NANOS - (System.nanoTime() - since)) {
                LockSupport.parkNanos(this, left);
                Thread.interrupted(); // left over from the last task, perhaps
            }
            if (next.compareAndSet(null, this)) { // whoever has found it among the idle ones takes another
                idle.remove(this);
                return null;
            }
            return next.get();
        }
    }
}
