package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.testing.Events;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A message that may have killed two processes runs alone, and holds up nobody else's. */
class RunsAloneTest extends OnRedis {

    private final CountDownLatch go = new CountDownLatch(1);
    private final Set<String> here = ConcurrentHashMap.newKeySet();

    private void suspect(String id) {
        redis.stranger().call("HINCRBY", "hark:{mail}:stats", "published", "1");
        redis.stranger().call("XADD", "hark:{mail}:ready", "*", "hark", "1 " + id + " 1 2 2", "body", id);
    }

    @Test
    void whileItWaitsForItsTurnOthersAreLeftToAnotherProcess() throws Exception {
        hark.listener()
                .handle(mail, body -> {
                    here.add(body);
                    if (body.equals("long")) {
                        go.await();
                    }
                })
                .start();
        mail.publish("long");
        OnBothStores.patiently().until(() -> here.contains("long"));
        Set<String> there = ConcurrentHashMap.newKeySet();
        try (Hark idle = connect(new Events())) {
            idle.listener().handle(idle.queue("mail", String.class), there::add).start();
            suspect("suspect");
            mail.publishAll(OnBothStores.bodies(50));

            awaitDone(51);
            assertThat(here).doesNotContain("suspect");
            assertThat(there).contains("suspect");
        }
        go.countDown();
        awaitDone(52);
    }

    private void awaitSweeps(int count) {
        Set<String> times = ConcurrentHashMap.newKeySet();
        OnBothStores.patiently().until(() -> {
            times.add(redis.stranger().text("HGET", "hark:{other}:stats", "seen"));
            return times.size() > count;
        });
    }

    private String lastEntry() {
        String last = "return redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][1]";
        return redis.stranger().text("EVAL", last, "1", "hark:{other}:ready");
    }

    @Test
    void otherListenersOfTheProcessBeginNothingBesideIt() throws Exception {
        CountDownLatch alone = new CountDownLatch(1);
        MessageQueue<String> other = hark.queue("other", String.class);
        hark.listener()
                .handle(mail, body -> {
                    alone.countDown();
                    go.await();
                })
                .start();
        hark.listener().handle(other, here::add).start();
        suspect("suspect");
        alone.await();

        other.publish("first");
        awaitSweeps(5); // a read that was under way may have claimed it
        String entry = lastEntry();
        awaitSweeps(5);
        assertThat(lastEntry())
                .as("what is claimed and given back gets another entry")
                .isEqualTo(entry);

        other.publishAll(OnBothStores.bodies(20));
        try (Hark idle = connect(new Events())) {
            Set<String> there = ConcurrentHashMap.newKeySet();
            idle.listener()
                    .handle(idle.queue("other", String.class), there::add)
                    .start();
            OnBothStores.patiently().until(() -> there.size() == 21);
        }
        assertThat(here).isEmpty();

        go.countDown();
        other.publish("again");
        OnBothStores.patiently().until(() -> here.contains("again"));
    }
}
