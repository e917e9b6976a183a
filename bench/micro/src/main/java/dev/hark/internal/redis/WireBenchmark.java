package dev.hark.internal.redis;

import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.redis.wire.Entries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What lies between Redis's bytes and a message. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {

    private static final int BATCH = 500;

    private final List<Object> fresh = fields("1");
    private final List<Object> retried = fields("1 1716386545123-17 1716386545123 2 0\n{\"key\":\"k\"}\n"
            + "1716386545124 1 0123456789abcdef01234567 retried in 1000 ms: IllegalStateException: no");
    private String consecutive = "r 1716386545123-17 " + BATCH;

    private static List<Object> fields(String hark) {
        return List.of(bytes("hark"), bytes(hark), bytes("body"), bytes("x".repeat(100)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An entry that was never handed over. */
    @Benchmark
    public Content freshEntry() {
        return Entries.content("1716386545123-17", fresh);
    }

    /** An entry with meta data and a ledger. */
    @Benchmark
    public Content retriedEntry() {
        return Entries.content("1716386545123-17", retried);
    }

    /** Where each message of a batch went. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Placed> placedOfABatch() {
        return PublishAnswer.read(consecutive);
    }
}
