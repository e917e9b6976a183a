package dev.hark.internal.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.TestEnv;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A heap that is full for a while: nothing that was added is lost, and nobody loses the turn. */
class GroupCommitWithoutMemoryTest {

    /** What there is no memory for. */
    enum Where {
        A_THREAD,
        A_BATCH,
        THE_NEXT_ITEM,
        SENDING,
        TELLING
    }

    private final AtomicInteger left = new AtomicInteger(3);
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    /** Once one has failed, those before it do as well: nothing can be put back. */
    private int weigh(Where where, String item) {
        boolean sender = Thread.currentThread().getName().startsWith("own-");
        if (where == Where.THE_NEXT_ITEM && sender && (item.equals("7") || left.get() < 3)) {
            fail();
        }
        return item.length();
    }

    private void fail() {
        if (left.getAndDecrement() > 0) {
            throw new OutOfMemoryError("full");
        }
    }

    @ParameterizedTest
    @EnumSource
    void allIsSentOnceAndTold(Where where) {
        Env env = new TestEnv().running();
        Env failing = new Env(
                env.nanos(),
                env.threads(),
                env.random(),
                env.ids(),
                env.handlers(),
                task -> {
                    if (where == Where.A_THREAD) {
                        fail();
                    }
                    env.own().execute(task);
                },
                env.events());
        GroupCommit<String> commit = new GroupCommit<>(
                failing, new BatchLimits<>(5, 100, item -> 1, item -> weigh(where, item)), 1_000, items -> {
                    if (where == Where.A_BATCH) {
                        fail();
                    }
                    return batch(where, items);
                });
        List<String> items = IntStream.range(0, 20).mapToObj(Integer::toString).toList();

        items.forEach(item -> commit.add(item, false));

        await().atMost(Duration.ofSeconds(30)).until(() -> told.size() >= 20);
        assertThat(commit.awaitIdle(Duration.ofSeconds(30))).isTrue();
        assertThat(sent).containsExactlyElementsOf(items);
        assertThat(left.get()).isNotPositive();
    }

    private GroupCommit.Batch batch(Where where, List<String> items) {
        return new GroupCommit.Batch() {
            @Override
            public boolean attempt(Runnable meanwhile) {
                if (where == Where.SENDING) {
                    fail();
                }
                sent.addAll(items);
                return true;
            }

            @Override
            public void tell() {
                if (where == Where.TELLING) {
                    fail();
                }
                told.addAll(items);
            }
        };
    }
}
