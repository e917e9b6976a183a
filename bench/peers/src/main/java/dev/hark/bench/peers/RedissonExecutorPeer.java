package dev.hark.bench.peers;

import java.io.Serializable;
import java.time.Duration;
import org.redisson.api.RExecutorService;
import org.redisson.api.RedissonClient;
import org.redisson.api.WorkerOptions;
import org.redisson.api.executor.TaskSuccessListener;

/** Redisson's executor service: tasks in batches, and workers in this process. */
final class RedissonExecutorPeer implements Peer {

    /** As many as Redisson has threads by default. */
    private static final int WORKERS = 16;

    private final RedissonClient redisson;
    private final RExecutorService executor;

    RedissonExecutorPeer(String url) {
        redisson = RedissonClients.connect(url);
        executor = redisson.getExecutorService("hark-bench-peers-redisson-executor");
    }

    /** A message as a task. Public for the worker, which loads it with a class loader of its own. */
    public static final class Handle implements Runnable, Serializable {

        private static final long serialVersionUID = 1;

        private String json = "";

        /** For decoding. */
        public Handle() {}

        Handle(Order order) {
            json = order.write();
        }

        @Override
        public void run() {
            Order.handle(json);
        }
    }

    @Override
    public Duration publish(int messages) {
        Stopwatch watch = new Stopwatch();
        Chunks.each(
                messages,
                number -> (Runnable) new Handle(Order.of(number)),
                tasks -> executor.execute(tasks.toArray(Runnable[]::new)));
        return watch.elapsed();
    }

    @Override
    public Duration drain(int messages) throws InterruptedException {
        Tally tally = new Tally(messages);
        Stopwatch watch = new Stopwatch();
        executor.registerWorkers(WorkerOptions.defaults().workers(WORKERS).addListener(new TaskSuccessListener() {
            @Override
            public <T> void onSucceeded(String taskId, T result) {
                tally.count();
            }
        }));
        tally.await();
        while (executor.getTaskCount() > 0) {
            Thread.onSpinWait();
        }
        Duration elapsed = watch.elapsed();
        executor.deregisterWorkers();
        return elapsed;
    }

    @Override
    public void clear() {
        executor.delete();
    }

    @Override
    public void close() {
        clear();
        redisson.shutdown();
    }
}
