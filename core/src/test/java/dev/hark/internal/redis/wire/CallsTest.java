package dev.hark.internal.redis.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hark.Redis;
import dev.hark.devserver.DevServer;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Script;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Which connections calls go over. */
class CallsTest {

    /** As many as the pool ever lends. */
    private static final int ALL = Purpose.LOOKING.most();

    @Test
    void whatExtendsLeasesDoesNotWaitForThePool() throws Exception {
        try (DevServer server = DevServer.start();
                Connections connections = new Connections(Redis.of(server.url()), event -> {});
                Calls calls = new Calls(connections, Purpose.LOOKING);
                ExecutorService users = Executors.newFixedThreadPool(ALL)) {
            CountDownLatch busy = new CountDownLatch(ALL);
            CountDownLatch enough = new CountDownLatch(1);
            for (int i = 0; i < ALL; i++) {
                users.execute(() -> calls.on("any", link -> {
                    busy.countDown();
                    return await(enough);
                }));
            }
            assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
            try {
                StoreException refused =
                        catchThrowableOfType(StoreException.class, () -> calls.call("any", Command.GET, "any"));
                Job job = new Job(Script.FIND_DEAD, List.of("dead", "stats"), List.of("1-1", "", 1));
                Reply reply = calls.runAllForLease(List.of(job)).get(0).get().reply();

                assertThat(refused.kind()).isEqualTo(Kind.NOT_NOW);
                assertThat(reply.is("found")).isFalse();
            } finally {
                enough.countDown();
            }
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
