package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.InvalidInputException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.QueueFullException;
import dev.hark.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue that is full refuses, blocks, or drops what is oldest, and says so. */
class OverflowTest extends OnBothStores {

    private MessageQueue<String> limited(long most, Overflow overflow) {
        return hark.queue("mail", String.class, q -> q.maxLength(most).overflow(overflow));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        MessageQueue<String> queue = limited(3, Overflow.REJECT);
        queue.publishAll(bodies(3));

        assertThatThrownBy(() -> queue.publish("one too many"))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContainingAll("queue mail", "as many messages as it may: 3", "no duplicate");

        assertThat(info().waiting()).isEqualTo(3);
        assertThat(info().published()).isEqualTo(3);
    }

    @Test
    void ofMessagesThatTravelTogetherTheFirstFit() {
        MessageQueue<String> queue = limited(5, Overflow.REJECT);

        List<CompletableFuture<Receipt>> receipts =
                bodies(12).stream().map(queue::publishAsync).toList();

        patiently().until(() -> receipts.stream().allMatch(CompletableFuture::isDone));
        assertThat(receipts.subList(0, 5)).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(receipts.subList(5, 12)).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(receipts.get(11))
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(QueueFullException.class);
        assertThat(info().waiting()).isEqualTo(5);
    }

    @Test
    void whoBlocksGoesOnWhenThereIsRoom() throws Exception {
        MessageQueue<String> queue = limited(5, Overflow.BLOCK);
        CompletableFuture<List<Receipt>> publishing =
                CompletableFuture.supplyAsync(() -> queue.publishAll(bodies(100)));
        patiently().until(() -> info().waiting() == 5);
        Queue<String> handled = new ConcurrentLinkedQueue<>();

        hark.listener().handle(queue, handled::add).concurrency(1).start();

        assertThat(publishing.get(60, TimeUnit.SECONDS)).hasSize(100);
        patiently().until(() -> handled.size() == 100);
        assertThat(handled).containsExactlyElementsOf(bodies(100));
    }

    @Test
    void whoBlocksIsToldWhenTheHarkIsClosed() {
        MessageQueue<String> queue = limited(1, Overflow.BLOCK);
        queue.publish("first");
        CompletableFuture<Receipt> second = queue.publishAsync("second");

        hark.close(Duration.ofMillis(100));

        assertThat(second)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfAny(QueueFullException.class, NotPublishedException.class);
    }

    @Test
    void theOldestMakeRoom() {
        MessageQueue<String> queue = limited(10, Overflow.DROP_OLDEST);

        assertThat(queue.publishAll(bodies(1_000))).hasSize(1_000);

        assertThat(info().waiting()).isEqualTo(10);
        assertThat(info().dropped()).isEqualTo(990);
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        hark.listener().handle(queue, handled::add).concurrency(1).start();
        patiently().until(() -> info().done() == 10);
        assertThat(handled).containsExactlyElementsOf(bodies(1_000).subList(990, 1_000));
    }

    @Test
    void aRetryAlwaysFindsRoom() {
        MessageQueue<String> queue = limited(2, Overflow.REJECT);
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        queue.publish("a");
        hark.listener()
                .handleMessage(queue, message -> {
                    attempts.add(message.attempt());
                    if (message.attempt() == 1) {
                        fill(queue);
                        throw new IllegalStateException("once");
                    }
                    return Outcome.done();
                })
                .retry(RetryPolicy.fixed(Duration.ZERO))
                .concurrency(1)
                .start();

        patiently().until(() -> info().waiting() + info().later() + info().active() == 0);
        assertThat(info().dead()).isZero();
        assertThat(info().done()).isEqualTo(info().published());
        assertThat(attempts).contains(1, 2);
    }

    private static void fill(MessageQueue<String> queue) {
        try {
            for (int i = 0; i < 3; i++) {
                queue.publish("more");
            }
        } catch (QueueFullException e) {
            // as wanted
        }
    }

    @Test
    void anOperatorsSettingsApplyToThoseWhoPublishAlready() {
        mail.publish("before");
        inspector().queue("mail").configure(q -> q.maxLength(3));

        patiently().until(() -> {
            try {
                mail.publish("more");
                return false;
            } catch (QueueFullException e) {
                return true; // within five seconds
            }
        });

        assertThat(inspector().queue("mail").settings()).isEqualTo(QueueSettings.NONE.maxLength(3));
    }

    @Test
    void settingsThatDifferAreReportedAndAnOperatorsStay() {
        limited(3, Overflow.REJECT);
        limited(3, Overflow.REJECT);
        assertThat(events.of(Event.SettingsDiffered.class)).isEmpty();

        limited(4, Overflow.REJECT);
        inspector().queue("mail").configure(q -> q.maxLength(9));
        limited(4, Overflow.REJECT);

        QueueSettings three = QueueSettings.NONE.maxLength(3);
        QueueSettings four = three.maxLength(4);
        assertThat(events.of(Event.SettingsDiffered.class))
                .containsExactly(
                        new Event.SettingsDiffered("mail", four, three, false),
                        new Event.SettingsDiffered("mail", four, three.maxLength(9), true));
        assertThat(inspector().queue("mail").settings()).isEqualTo(three.maxLength(9));
    }

    @Test
    void whatAnOperatorHasSetFreezesNothingElse() {
        limited(3, Overflow.REJECT);
        inspector().queue("mail").configure(q -> q.maxLength(9));

        limited(4, Overflow.BLOCK);

        QueueSettings now = QueueSettings.NONE.maxLength(9).overflow(Overflow.BLOCK);
        assertThat(inspector().queue("mail").settings()).isEqualTo(now);
        assertThat(events.of(Event.SettingsDiffered.class))
                .containsExactly(
                        new Event.SettingsDiffered("mail", now, QueueSettings.NONE.maxLength(9), false),
                        new Event.SettingsDiffered("mail", now.maxLength(4), now, true));
    }

    @Test
    void anOperatorIsToldWhatHoldsNow() {
        limited(3, Overflow.BLOCK);

        assertThat(inspector().queue("mail").configure(q -> {
                    inspector().queue("mail").configure(other -> other.strict(true)); // in between
                    return q.maxLength(q.maxLength() + 1);
                }))
                .isEqualTo(
                        QueueSettings.NONE.maxLength(4).overflow(Overflow.BLOCK).strict(true));
    }

    @Test
    void whoListensGoesByChangedSettingsAtOnce() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        Hark timeless = outOfTime(); // what it has read is fresh for ever
        try {
            MessageQueue<String> queue = timeless.queue("mail", String.class);
            timeless.listener()
                    .handle(queue, body -> {
                        begun.complete(null);
                        goOn.join();
                    })
                    .concurrency(1)
                    .start();
            queue.publish("read the settings just now");
            begun.get(30, TimeUnit.SECONDS);

            inspector().queue("mail").configure(q -> q.maxLength(1));

            patiently().until(() -> {
                try {
                    queue.publish("more");
                    return false;
                } catch (QueueFullException e) {
                    return true;
                }
            });
        } finally {
            goOn.complete(null);
            timeless.close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1_000_000_000_001L})
    void onlyLimitsThatMakeSenseAreTaken(long most) {
        assertThatThrownBy(() -> limited(most, Overflow.REJECT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("maxLength " + most);
        assertThat(inspector().queue("mail").settings()).isEqualTo(QueueSettings.NONE);
    }
}
