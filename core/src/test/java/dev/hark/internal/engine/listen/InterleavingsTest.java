package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;

/**
 * What threads of the engine share, in many interleavings that Lincheck chooses; each failure comes with its own. Threads
 * are classes here: what is shared through a lambda alone is not seen by Lincheck, and then it interleaves nothing
 * (<a href="https://github.com/JetBrains/lincheck/issues/451">issue 451</a>).
 */
class InterleavingsTest {

    private static final int INTERLEAVINGS = 40;
    private static final int ATTEMPTS = 5;

    /**
     * Lincheck gives one interleaving 30 s and no say in that; the first of a JVM takes longer on a starved machine, as all
     * classes are rewritten for it. What really hangs does so each time.
     */
    private static void interleave(Runnable test) {
        for (int attempt = 1; ; attempt++) {
            try {
                Lincheck.runConcurrentTest(INTERLEAVINGS, test);
                return;
            } catch (LincheckAssertionError e) {
                if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("has hung")) {
                    throw e;
                }
            }
        }
    }

    /** Of AssertJ's objects, which cannot be compared, Lincheck breaks. */
    private static void must(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static Env env() {
        return new Env(() -> 0, Threads.PLATFORM, new Random(1), () -> "id", Runnable::run, Runnable::run, event -> {});
    }

    private static void runAll(Thread... threads) {
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Claimed claimed(String entry) {
        return new Claimed(Address.of("mail"), "id", entry, new Content.Illegible("whatever"), 0);
    }

    private static ClaimSource bringing(int count) {
        return new ClaimSource() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                List<Claimed> brought = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    brought.add(claimed(i + "-1"));
                }
                return brought;
            }

            @Override
            public boolean await(Duration wait) {
                return true;
            }

            @Override
            public void passOn() {}

            @Override
            public void wake() {}

            @Override
            public void close() {}
        };
    }

    private static void step(Claimer claimer) {
        try {
            claimer.step(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two threads that add without a lock are found: what threads share here is seen. */
    @Test
    void aRaceIsFound() {
        assertThatThrownBy(() -> interleave(() -> {
                    int[] sum = new int[1];
                    class Adding extends Thread {
                        @Override
                        public void run() {
                            sum[0]++;
                        }
                    }

                    runAll(new Adding(), new Adding());

                    must(sum[0] == 2, sum[0] + " instead of 2");
                }))
                .hasStackTraceContaining("1 instead of 2");
    }

    /** Three claimers that are each told of a message, and two handlers at most. */
    @Test
    void neverMoreHandlersThanPermits() {
        interleave(() -> {
            Semaphore permits = new Semaphore(2);
            Env env = env();
            Sessions sessions = new Sessions(
                    List.of(Address.of("mail")),
                    Duration.ofSeconds(1),
                    new Gates(() -> {}),
                    new StubStore(),
                    env,
                    (q, d) -> {},
                    queue -> 10);
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Thread> handlers = new ArrayList<>();
            class Handling extends Thread {
                @Override
                public void run() {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    permits.release();
                }
            }
            BiConsumer<Claimed, InFlight> dispatch = (one, inFlight) -> {
                Thread handler = new Handling();
                synchronized (handlers) {
                    handlers.add(handler);
                }
                handler.start();
            };
            class Claiming extends Thread {
                private final Claimer claimer;

                Claiming(int brought) {
                    claimer = new Claimer(
                            List.of(Address.of("mail")),
                            queues -> bringing(brought),
                            permits,
                            false,
                            sessions,
                            new Gates(() -> {}),
                            dispatch,
                            () -> {},
                            env);
                }

                @Override
                public void run() {
                    step(claimer);
                }
            }

            runAll(new Claiming(1), new Claiming(1), new Claiming(1));
            handlers.forEach(InterleavingsTest::join);

            must(most.get() <= 2, most + " at once");
            must(permits.availablePermits() == 2, permits + " afterwards");
        });
    }

    @Test
    void whoRunsAloneRunsAlone() {
        interleave(() -> {
            Isolation isolation = new Isolation();
            Env env = env();
            AtomicInteger running = new AtomicInteger();
            AtomicInteger disturbed = new AtomicInteger();
            class Beside extends Thread {
                @Override
                public void run() {
                    Isolation.Place place = isolation.beside();
                    if (place == null) {
                        return;
                    }
                    running.incrementAndGet();
                    running.decrementAndGet();
                    place.leave();
                }
            }
            class Alone extends Thread {
                @Override
                public void run() {
                    Isolation.Place place = isolation.alone(env);
                    if (place == null) {
                        return;
                    }
                    if (running.getAndAdd(100) != 0) {
                        disturbed.incrementAndGet();
                    }
                    if (running.addAndGet(-100) != 0) {
                        disturbed.incrementAndGet();
                    }
                    place.leave();
                }
            }

            runAll(new Beside(), new Alone(), new Beside());

            must(disturbed.get() == 0, "not alone");
            must(isolation.alone(env) != null, "the room is not empty afterwards");
        });
    }

    /** Handlers settle while the reaper compares what the store says with what is known. */
    @Test
    void eachEntryIsSettledOnceAndNoneThatIsKnownIsReleased() {
        interleave(() -> {
            List<String> pending = new ArrayList<>(List.of("1-1", "2-1"));
            List<Settlement> settled = new ArrayList<>();
            List<Long> sequences = new ArrayList<>();
            Store store = new StubStore() {
                @Override
                public SettleReply settle(SettleBatch batch) {
                    synchronized (pending) {
                        sequences.add(batch.sequence());
                        settled.addAll(batch.settlements());
                        batch.settlements().forEach(one -> pending.remove(one.entry()));
                    }
                    return new SettleReply(0, List.of(), false, NextDue.UNKNOWN);
                }
            };
            Env env = env();
            InFlight inFlight = new InFlight(Address.of("mail"), "id", 3, new Gates(() -> {}), store, env, due -> {});
            for (String entry : List.copyOf(pending)) {
                inFlight.begin(
                        claimed(entry),
                        new Delivery(claimed(entry), null, inFlight, null, () -> true, new NoSlots(), env));
            }
            class Settling extends Thread {
                private final String entry;

                Settling(String entry) {
                    this.entry = entry;
                }

                @Override
                public void run() {
                    inFlight.settler().settle(new Settlement.Done(entry, false), entry, 0);
                }
            }
            class Sweeping extends Thread {
                @Override
                public void run() {
                    for (int round = 0; round < 2; round++) {
                        List<String> held;
                        synchronized (pending) {
                            held = List.copyOf(pending);
                        }
                        inFlight.compare(held, "", 1, 1);
                    }
                }
            }

            runAll(new Settling("1-1"), new Settling("2-1"), new Sweeping());

            must(inFlight.settler().flush(Duration.ZERO), "not flushed");
            must(settled.size() == 2 && settled.stream().allMatch(Settlement.Done.class::isInstance), "" + settled);
            must(sequences.equals(List.of(1L)) || sequences.equals(List.of(1L, 2L)), "batches " + sequences);
            must(inFlight.idle(), "still held");
        });
    }
}
