package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.event.Event;
import dev.hark.testing.Events;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What strangers do to one queue is nothing to the others of its listener, or of its process. */
class HostileNeighbourTest extends OnRedis {

    private final AtomicInteger handled = new AtomicInteger();
    private MessageQueue<String> other;

    private void listen(Hark hark) {
        other = hark.queue("other", String.class);
        hark.listener()
                .handle(mail, body -> {})
                .handle(other, body -> handled.incrementAndGet())
                .start();
    }

    private void awaitHandled(int count) {
        OnBothStores.patiently().until(() -> handled.get() == count);
    }

    @Test
    void aDueTimeBeyondAllReckoningStopsNoHeartbeat() {
        redis.stranger().call("ZADD", "hark:{mail}:later", "9e15", "forged");
        listen(hark);

        for (int i = 1; i <= 5; i++) { // each after a third of a lease at least: by then it would have lapsed
            other.publish("later", Publish.after(LEASE.dividedBy(2)));
            awaitHandled(i);
        }

        assertThat(hark.inspector().queue("other").info().sessions()).isOne();
        assertThat(events.of(Event.Trouble.class)).isEmpty();
        redis.stranger().call("DEL", "hark:{mail}:later");
    }

    /** With a lease that outlasts the test's patience: the end of it is no way out. */
    @Test
    void aStreamThatIsNoneHoldsUpNoOther() throws Exception {
        try (Hark patient = Hark.builder()
                .url(url())
                .lease(Duration.ofMinutes(10))
                .observer(new Events())
                .build()) {
            listen(patient);
            other.publish("before");
            awaitHandled(1);

            redis.stranger().call("DEL", "hark:{mail}:ready");
            redis.stranger().call("SET", "hark:{mail}:ready", "mine");
            for (int i = 2; i <= 10; i++) {
                other.publish("beside");
                awaitHandled(i);
            }
            redis.stranger().call("DEL", "hark:{mail}:ready");
        }
        redis.stranger().call("DEL", "hark:{mail}:stats");
    }
}
