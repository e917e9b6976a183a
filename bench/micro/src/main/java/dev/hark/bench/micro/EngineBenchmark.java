package dev.hark.bench.micro;

import dev.hark.Hark;
import dev.hark.Listener;
import dev.hark.MessageQueue;
import dev.hark.Receipt;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the engine itself costs a message: the whole way, with a store in memory in place of Redis. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineBenchmark {

    private static final int MESSAGES = 10_000;

    /** The body. */
    public record Order(long id, String customer, String text) {}

    private final List<Order> orders = IntStream.range(0, MESSAGES)
            .mapToObj(i -> new Order(i, "c-" + i, "x".repeat(50)))
            .toList();
    private Hark hark;
    private MessageQueue<Order> queue;

    /** Starts empty, so that no round sees the messages of the one before. */
    @Setup(Level.Invocation)
    public void start() {
        hark = Hark.inMemory();
        queue = hark.queue("bench", Order.class);
    }

    /** Ends. */
    @TearDown(Level.Invocation)
    public void stop() {
        hark.close();
    }

    /** {@code publishAll}, a message; encoding included. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public List<Receipt> publishAll() {
        return queue.publishAll(orders);
    }

    /** {@code publish} one at a time. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public Receipt publish() {
        Receipt last = null;
        for (Order order : orders) {
            last = queue.publish(order);
        }
        return last;
    }

    /** Published in bulk, handled by a handler that does nothing, and settled. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long publishAllAndHandle() throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(MESSAGES);
        Listener listener = hark.listener()
                .handle(queue, order -> handled.countDown())
                .concurrency(1_000)
                .start();
        queue.publishAll(orders);
        handled.await();
        listener.close();
        return hark.inspector().queue("bench").info().done();
    }
}
