package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Codec;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.TestEnv;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.engine.publish.Publisher;
import dev.hark.internal.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Handlers do not begin, and there is no memory to find out whether they do again: the listener goes on afterwards. */
class ListeningWithoutMemoryTest {

    private final Env running = new TestEnv().running();
    private final AtomicInteger tasks = new AtomicInteger();

    private Env env(Executor handlers) {
        return new Env(
                running.nanos(),
                running.threads(),
                running.random(),
                running.ids(),
                handlers,
                running.own(),
                running.events());
    }

    private static Listening start(HandlerBinding<?> binding, int slots, Store store, Env env) {
        Listening.Plan plan = new Listening.Plan(List.of(binding), slots, null, false);
        Listening listening =
                new Listening(plan, Duration.ofSeconds(5), new Isolation(), new QueueConfigs(store, env), store, env);
        listening.start();
        return listening;
    }

    /** The first handler never begins, and what is to show whether others would cannot be handed over. */
    private void execute(Executor threads, Runnable task) {
        switch (tasks.incrementAndGet()) {
            case 1 -> {}
            case 2 -> throw new OutOfMemoryError("full");
            default -> threads.execute(task);
        }
    }

    /** The thread for it could not be made, and meanwhile it was given back since it did not begin. */
    @Test
    void aSlotIsNotFreedTwice() {
        CountDownLatch third = new CountDownLatch(3);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        HandlerBinding<byte[]> binding = new HandlerBinding<>(
                Address.of("mail"),
                Codec.bytes(),
                message -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    third.countDown();
                    third.await(200, TimeUnit.MILLISECONDS); // there is only one slot
                    now.decrementAndGet();
                    return Outcome.done();
                },
                RetryPolicy.DEFAULT);
        try (MemoryStore store = new MemoryStore(System::currentTimeMillis, Threads.PLATFORM)) {
            Env env = env(task -> {
                if (tasks.incrementAndGet() == 1) {
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> store.info(Address.of("mail")).waiting() == 1);
                    throw new OutOfMemoryError("full");
                }
                running.handlers().execute(task);
            });
            Listening listening = start(binding, 1, store, env);
            Publisher publisher = new Publisher(Address.of("mail"), store, env);
            publisher
                    .publish(new Publication(Publication.NOW, "", new byte[] {1}), true)
                    .join();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> store.info(Address.of("mail")).done() == 1);

            Publication one = new Publication(Publication.NOW, "", new byte[] {1});
            assertThat(publisher.publishAll(Stream.of(one, one))).hasSize(2);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> store.info(Address.of("mail")).done() == 3);
            assertThat(most).hasValue(1);
            listening.close(new Deadline(Duration.ofSeconds(5), env));
        }
    }

    @Test
    void whetherHandlersBeginIsTriedAgain() {
        Env env = env(task -> execute(running.handlers(), task));
        HandlerBinding<byte[]> binding =
                new HandlerBinding<>(Address.of("mail"), Codec.bytes(), message -> Outcome.done(), RetryPolicy.DEFAULT);
        try (MemoryStore store = new MemoryStore(System::currentTimeMillis, Threads.PLATFORM)) {
            Listening listening = start(binding, 5, store, env);
            Publisher publisher = new Publisher(Address.of("mail"), store, env);
            for (int done = 1; done <= 2; done++) { // the first is given back
                int all = done;
                publisher
                        .publish(new Publication(Publication.NOW, "", new byte[] {1}), true)
                        .join();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> store.info(Address.of("mail")).done() == all);
            }
            listening.close(new Deadline(Duration.ofSeconds(5), env));
        }
    }
}
