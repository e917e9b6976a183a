package dev.hark.simulation;

import dev.hark.Codec;
import dev.hark.Outcome;
import dev.hark.Receipt;
import dev.hark.RetryPolicy;
import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.engine.listen.HandlerBinding;
import dev.hark.internal.engine.listen.Isolation;
import dev.hark.internal.engine.listen.Listening;
import dev.hark.internal.engine.publish.Publisher;
import dev.hark.internal.memory.MemoryStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One process and its store, with no memory for one of the calls between them. What goes on inside handlers has enough. */
final class Memless {

    /** What becomes of the call. */
    enum How {
        BEFORE {
            @Override
            boolean fails(int call, int at, boolean answered) {
                return call == at && !answered;
            }
        },
        /** The store has done it, and there is no memory for its reply. */
        REPLY {
            @Override
            boolean fails(int call, int at, boolean answered) {
                return call == at && answered;
            }
        },
        /** Nor is there for what follows. */
        FOUR_IN_A_ROW {
            @Override
            boolean fails(int call, int at, boolean answered) {
                return call >= at && call < at + 4 && !answered;
            }
        };

        abstract boolean fails(int call, int at, boolean answered);
    }

    /** A call of something. */
    private interface Call<R> {
        R run() throws Exception;
    }

    private static final Address QUEUE = Address.of("mail");
    private static final int CONCURRENCY = 2;
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(2);

    private final How how;
    private final int failing;
    private int calls;
    private @Nullable String where;

    private final World world = new World(7, false);
    private final List<String> faults = new ArrayList<>();
    private final Node node = new Node(world, 0, 0, event -> {}, this::ended);
    private final MemoryStore memory = new MemoryStore(() -> Simulation.START_MILLIS + world.now() / 1_000_000, world);
    private final Store store = failing(Store.class, memory);
    private final Env env = env(node.env());
    private final Publisher publisher = new Publisher(QUEUE, store, env);
    private final Isolation isolation = new Isolation();
    private final Map<String, Integer> handled = new HashMap<>();
    private final Semaphore together = new Semaphore(0);
    private int sideBySide;
    private int running;
    private int most;
    private int published;
    private boolean over;

    /**
     * Prepares a run.
     *
     * @param failing which of the calls fails, counted from 1
     */
    Memless(How how, int failing) {
        this.how = how;
        this.failing = failing;
    }

    /** What failed; null if the run was over before. */
    @Nullable
    String where() {
        return where;
    }

    /** Plays it, and returns what must not have been. */
    List<String> run() {
        node.start("user", this::use);
        world.in(Duration.ofMinutes(30).toNanos(), () -> over = true);
        world.runUntil(() -> over);
        if (!node.threads().isEmpty()) {
            faults.add("these never end: " + node.threads());
        }
        if (most > CONCURRENCY) {
            faults.add(most + " handlers at once");
        }
        return faults;
    }

    private void ended(Throwable e) {
        if (!(e instanceof OutOfMemoryError)) {
            faults.add("a thread ended with " + e);
        }
    }

    // ---- the run

    private void use() {
        Listening listening = listen();
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (String body : List.of("done", "fails", "slow", "snoozes", "dies", "done")) {
            receipts.add(publish(body));
        }
        receipts.forEach(this::await);
        await("settled", info -> info.done() + info.dead() == published);
        for (int i = 0; i < CONCURRENCY; i++) {
            publishAtLast("together");
        }
        await("run side by side", info -> info.done() == published - info.dead() && sideBySide == CONCURRENCY);
        publishAtLast("closing");
        await("begun", info -> info.active() == 1);
        Deadline deadline = new Deadline(Duration.ofSeconds(10), node.env());
        close(() -> listening.close(deadline));
        close(() -> publisher.close(Duration.ofSeconds(1)));
        QueueInfo info = memory.info(QUEUE);
        if (info.done() + info.dead() + info.waiting() + info.later() != published || info.active() > 0) {
            faults.add("afterwards of " + published + ": " + info);
        }
        over = true;
    }

    /** Tries until it runs, as its user would. */
    private Listening listen() {
        while (true) {
            try {
                HandlerBinding<String> binding = new HandlerBinding<>(
                        QUEUE,
                        Codec.text(),
                        message -> handle(message.body()),
                        RetryPolicy.fixed(Duration.ofMillis(200)).maxAttempts(6));
                Listening listening = new Listening(
                        new Listening.Plan(List.of(binding), CONCURRENCY, TIMEOUT, false),
                        LEASE,
                        isolation,
                        new QueueConfigs(store, env),
                        store,
                        env);
                listening.start();
                return listening;
            } catch (OutOfMemoryError e) {
                node.pause(1_000_000);
            }
        }
    }

    private void close(Runnable closing) {
        while (true) {
            try {
                closing.run();
                return;
            } catch (OutOfMemoryError e) {
                node.pause(1_000_000);
            }
        }
    }

    private CompletableFuture<Receipt> publish(String body) {
        while (true) {
            try {
                return publisher.publish(
                        new Publication(Publication.NOW, "", body.getBytes(StandardCharsets.UTF_8)), false);
            } catch (OutOfMemoryError e) {
                node.pause(1_000_000); // it was not added
            }
        }
    }

    private void publishAtLast(String body) {
        for (int before = published; published == before; ) {
            await(publish(body));
        }
    }

    /** Whether it was published may be unknown: the store knows. */
    private void await(CompletableFuture<Receipt> receipt) {
        for (long begun = world.now(); !receipt.isDone(); node.pause(1_000_000)) {
            if (world.now() - begun > LONG.toNanos()) {
                faults.add("who publishes is never told");
                return;
            }
        }
        published = (int) memory.info(QUEUE).published();
    }

    private void await(String what, Predicate<QueueInfo> holds) {
        for (long begun = world.now(); !holds.test(memory.info(QUEUE)); node.pause(10_000_000)) {
            if (world.now() - begun > LONG.toNanos()) {
                faults.add("not " + what + ": " + memory.info(QUEUE));
                return;
            }
        }
    }

    private Outcome handle(String body) throws Exception {
        most = Math.max(most, ++running);
        int before = handled.merge(body, 1, Integer::sum);
        try {
            return switch (body) {
                case "fails" -> {
                    if (before == 1) {
                        throw new IllegalStateException("the first time");
                    }
                    yield Outcome.done();
                }
                case "slow" -> {
                    node.acquire(new Semaphore(0), 1, (before == 1 ? 4 : 0) * TIMEOUT.toNanos());
                    yield Outcome.done();
                }
                case "snoozes" -> before == 1 ? Outcome.snooze(TIMEOUT) : Outcome.done();
                case "dies" -> Outcome.dead("as it should");
                case "together" -> {
                    together.release();
                    boolean both = node.acquire(
                            together, CONCURRENCY, TIMEOUT.dividedBy(2).toNanos());
                    if (both) {
                        together.release(CONCURRENCY);
                    }
                    sideBySide += both ? 1 : 0;
                    yield both ? Outcome.done() : Outcome.snooze(Duration.ofMillis(50));
                }
                case "closing" -> {
                    node.pause(TIMEOUT.dividedBy(2).toNanos());
                    yield Outcome.done();
                }
                default -> Outcome.done();
            };
        } finally {
            running--;
        }
    }

    // ---- the calls

    private <R> R call(String what, Call<R> call) throws Exception {
        fail(++calls, false, what);
        return call.run();
    }

    private void fail(int number, boolean answered, String what) {
        if (how.fails(number, failing, answered)) {
            where = where == null ? what + " in " + Thread.currentThread().getName() : where;
            throw new OutOfMemoryError("full");
        }
    }

    private <R> R plain(String what, Call<R> call) {
        try {
            return call(what, call);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Executor failing(String what, Executor executor) {
        return task -> plain(what, () -> {
            executor.execute(task);
            return 0;
        });
    }

    private Env env(Env real) {
        RandomGenerator random = () -> plain("random", () -> real.random().nextLong());
        return new Env(
                () -> plain("nanos", () -> real.nanos().getAsLong()),
                new FailingThreads(),
                random,
                () -> plain("ids", () -> real.ids().get()),
                failing("handlers", real.handlers()),
                failing("own", real.own()),
                event -> plain("events", () -> {
                    real.events().accept(event);
                    return 0;
                }));
    }

    private final class FailingThreads implements Threads {
        @Override
        public Thread loop(String name, Runnable task) {
            return plain("loop", () -> node.loop(name, task));
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
        public long await(Condition condition, long nanos) throws InterruptedException {
            fail(++calls, false, "await");
            return node.await(condition, nanos);
        }

        @Override
        public boolean acquire(Semaphore semaphore, int permits, long nanos) throws InterruptedException {
            fail(++calls, false, "acquire");
            return node.acquire(semaphore, permits, nanos);
        }

        @Override
        public void pause(long nanos) {
            fail(++calls, false, "pause");
            node.pause(nanos);
        }

        @Override
        public void rest(long nanos) {
            node.pause(nanos); // needs none
        }

        @Override
        public boolean starvable() {
            return false;
        }
    }

    private <T> T failing(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String what = type.getSimpleName() + "." + method.getName();
                    int number = ++calls;
                    fail(number, false, what);
                    try {
                        Object result = method.invoke(real, arguments);
                        fail(number, true, what);
                        return switch (result) {
                            case ClaimSource source -> failing(ClaimSource.class, source);
                            case ChannelSource<?> source -> failing(ChannelSource.class, source);
                            case null, default -> result;
                        };
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
