package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.event.Event;
import dev.hark.testing.Events;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many queues, and few handler slots that they share: who waits holds none, and takes nothing that he cannot handle now. */
class SharedSlotsTest extends OnRedis {

    private final CountDownLatch go = new CountDownLatch(1);

    private List<MessageQueue<String>> queues(Hark of, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> of.queue("q" + i, String.class))
                .toList();
    }

    private static ListenerBuilder listener(Hark of, List<MessageQueue<String>> queues, Handler<String> handler) {
        ListenerBuilder builder = of.listener();
        queues.forEach(queue -> builder.handle(queue, handler));
        return builder;
    }

    private long done(int queues) {
        return IntStream.range(0, queues)
                .mapToLong(i -> hark.inspector().queue("q" + i).info().done())
                .sum();
    }

    /** More than can be claimed together, so that several wait for the same slots. */
    @Test
    void manyQueuesAreServedWithOneSlot() {
        int count = 101;
        List<MessageQueue<String>> queues = queues(hark, count);
        listener(hark, queues, body -> {}).concurrency(1).start();

        queues.forEach(queue -> queue.publishAll(List.of("a", "b", "c")));

        OnBothStores.patiently().until(() -> done(count) == 3L * count);
    }

    @Test
    void oneThatIsBusyLeavesTheOtherQueuesToOneThatIsIdle() throws Exception {
        int count = 6;
        Set<String> elsewhere = ConcurrentHashMap.newKeySet();
        listener(hark, queues(hark, count), body -> go.await()).concurrency(1).start();
        queues(hark, count).forEach(queue -> queue.publish(queue.name()));
        OnBothStores.patiently()
                .until(() -> IntStream.range(0, count)
                                .mapToLong(i ->
                                        hark.inspector().queue("q" + i).info().active())
                                .sum()
                        == 1);

        try (Hark idle = connect(new Events())) {
            listener(idle, queues(idle, count), elsewhere::add).concurrency(1).start();

            OnBothStores.patiently().until(() -> elsewhere.size() == count - 1);
        }
        go.countDown();
        OnBothStores.patiently().until(() -> done(count) == count);
        IntStream.range(0, count)
                .forEach(i -> assertThat(hark.inspector().queue("q" + i).info().recovered())
                        .isZero());
    }

    @Test
    void aQueueThatCannotBeSettledIsLeftAloneAndHoldsUpNoOther() {
        MessageQueue<String> other = hark.queue("other", String.class);
        Set<String> handled = ConcurrentHashMap.newKeySet();
        hark.listener()
                .handleMessage(mail, message -> {
                    handled.add(message.id());
                    return Outcome.retry(Duration.ofMillis(1));
                })
                .handle(other, body -> {})
                .concurrency(2)
                .start();
        redis.stranger().call("SET", "hark:{mail}:dead", "mine");

        mail.publishAll(OnBothStores.bodies(100));
        other.publishAll(OnBothStores.bodies(120));

        OnBothStores.patiently()
                .until(() -> hark.inspector().queue("other").info().done() == 120);
        assertThat(handled.size()).as("claimed until that was known").isLessThan(100);
        OnBothStores.patiently().until(() -> !events.of(Event.Trouble.class).isEmpty());

        redis.stranger().call("DEL", "hark:{mail}:dead");
        OnBothStores.patiently().until(() -> handled.size() == 100);
    }
}
