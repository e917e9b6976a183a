package dev.hark.internal.redis;

import static dev.hark.internal.engine.QueueDriver.LEASE;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hark.admin.QueueInfo;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.TakeoverMode;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When Redis has no memory left, nothing is accepted any more, and what is there can still be worked off. */
interface RedisMemoryContract extends RedisContract {

    static List<Publication.Due> everyDue() {
        return List.of(Publication.NOW, new Publication.Due.After(60_000));
    }

    @ParameterizedTest
    @MethodSource("everyDue")
    default void publishingIsRefusedAndNothingIsWritten(Publication.Due due) {
        QueueDriver queue = queue();
        queue.publish("known");
        Map<String, String> before = rig().dump(queue.address());

        rig().withoutMemory(() -> {
            StoreException refused = catchThrowableOfType(
                    StoreException.class, () -> queue.publish(2, List.of(message(due, "x"), message("y"))));
            assertThat(refused).isNotNull();
            assertThat(refused.kind()).isEqualTo(Kind.NEVER);
        });

        assertThat(rig().dump(queue.address())).isEqualTo(before);
        QueueDriver.accepted(queue.publish(2, List.of(message(due, "x"), message("y"))));
    }

    @Test
    default void publishingToANewQueueIsRefusedAndLeavesNoKey() {
        QueueDriver queue = queue();

        rig().withoutMemory(() -> {
            StoreException refused =
                    catchThrowableOfType(StoreException.class, () -> queue.publish(1, List.of(message("x"))));
            assertThat(refused).isNotNull();
            assertThat(refused.kind()).isEqualTo(Kind.NEVER);
        });

        assertThat(rig().keysOf(queue.address())).isEmpty();
        queue.publish("x");
    }

    @Test
    default void aRepeatIsAnsweredStill() {
        QueueDriver queue = queue();
        List<Publication> messages = List.of(message("x"));
        List<String> ids = QueueDriver.accepted(queue.publish(1, messages));

        rig().withoutMemory(() ->
                assertThat(QueueDriver.accepted(queue.publish(1, messages))).isEqualTo(ids));
    }

    @ParameterizedTest
    @MethodSource("dev.hark.internal.engine.Outcomes#ofOwnMessages")
    default void everyOutcomeIsApplied(Function<String, Settlement> kind) {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        Claimed held = queue.claimOne("s");
        Settlement settlement = kind.apply(held.entry());

        rig().withoutMemory(() -> {
            assertThat(queue.settle("s", settlement).refused()).isZero();
            assertThat(queue.settle("s", settlement).refused()).isEqualTo(1);
        });

        assertThat(queue.info().active()).isZero();
    }

    @Test
    default void aStruckOffSessionIsRefusedStill() {
        QueueDriver queue = queue().open("s");
        queue.publish("x");
        Claimed held = queue.claimOne("s");
        queue.takeOver("s", TakeoverMode.CLOSED);

        rig().withoutMemory(() -> assertThat(queue.settle("s", new Settlement.Again(held.entry(), 1_000, "failed"))
                        .refused())
                .isEqualTo(1));

        assertThat(queue.info().refused()).isEqualTo(1);
    }

    @Test
    default void whatIsThereIsWorkedOff() {
        QueueDriver queue = queue().open("lost", "s");
        queue.publish("a", "b");
        queue.publishAfter(Duration.ofMinutes(1), "c");
        queue.claim("lost", 2);
        queue.age(Duration.ofMinutes(1));

        rig().withoutMemory(() -> {
            assertThat(queue.sweep("s").lapsed()).containsExactly("lost");
            assertThat(queue.takeOver("lost", TakeoverMode.LAPSED)).isEqualTo(2);
            assertThat(queue.promote().moved()).isEqualTo(1);
            List<Claimed> claimed = new ArrayList<>(queue.claimAll("s"));
            assertThat(queue.done("s", claimed).refused()).isZero();
            queue.sweep("s");
        });

        assertThat(length(queue)).isZero();
        assertThat(queue.info())
                .extracting(QueueInfo::done, QueueInfo::recovered)
                .containsExactly(3L, 2L);
    }

    @Test
    default void aProcessThatStartsNowCanListen() {
        QueueDriver queue = queue();
        queue.publish("x");

        try (RedisStore other = rig().anotherStore()) {
            rig().withoutMemory(() -> other.open(queue.address(), "s", LEASE));
        }

        assertThat(queue.sweep("s").alive()).isTrue();
        assertThat(queue.claim("s", 1)).hasSize(1);
    }

    @Test
    default void deadLettersAreMended() {
        QueueDriver queue = queue().open("s");
        String first = queue.bury("s", "a", "boom");
        String second = queue.bury("s", "b", "boom");

        rig().withoutMemory(() -> {
            assertThat(store().revive(queue.address(), List.of(first))).isEqualTo(1);
            assertThat(store().discard(queue.address(), List.of(second))).isEqualTo(1);
        });

        assertThat(queue.info())
                .extracting(QueueInfo::waiting, QueueInfo::dead, QueueInfo::deleted)
                .containsExactly(1L, 0L, 1L);
    }
}
