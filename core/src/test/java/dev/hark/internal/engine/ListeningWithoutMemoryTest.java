package dev.hark.internal.engine;

import static org.awaitility.Awaitility.await;

import dev.hark.Codec;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.internal.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Handlers do not begin, and there is no memory to find out whether they do again: the listener goes on afterwards. */
class ListeningWithoutMemoryTest {

    private final AtomicInteger tasks = new AtomicInteger();

    /** The first handler never begins, and what is to show whether others would cannot be handed over. */
    private void execute(Executor threads, Runnable task) {
        switch (tasks.incrementAndGet()) {
            case 1 -> {}
            case 2 -> throw new OutOfMemoryError("full");
            default -> threads.execute(task);
        }
    }

    @Test
    void whetherHandlersBeginIsTriedAgain() {
        Env running = new TestEnv().running();
        Env env = new Env(
                running.nanos(),
                running.threads(),
                running.random(),
                running.ids(),
                task -> execute(running.handlers(), task),
                running.own(),
                running.events());
        Work<byte[]> work = new Work<>("mail", Codec.bytes(), message -> Outcome.done(), RetryPolicy.DEFAULT);
        try (MemoryStore store = new MemoryStore(System::currentTimeMillis, Threads.PLATFORM)) {
            Listening listening = new Listening(
                    new Listening.Plan(List.of(work), 5, null, false),
                    Duration.ofSeconds(5),
                    new Solitude(),
                    store,
                    env);
            listening.start();

            Publisher publisher = new Publisher("mail", store, env);
            for (int done = 1; done <= 2; done++) { // the first is given back
                int all = done;
                publisher
                        .publish(new Publication(Publication.NOW, "", new byte[] {1}), true)
                        .join();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> store.info("mail").done() == all);
            }
            listening.close(Duration.ofSeconds(5));
        }
    }
}
