package dev.hark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Hark;
import dev.hark.admin.DeadLetter;
import dev.hark.admin.QueueInfo;
import dev.hark.testing.Child;
import dev.hark.testing.Server;
import dev.hark.testing.SmallHeap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A body that does not fit into the heap of its worker: each claim brings it, and no claim returns. */
class BodyBeyondHeapTest {

    private static final int BODY = 40 << 20;
    private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");

    @RegisterExtension
    static final Server redis = new Server();

    @Test
    void itEndsAmongTheDeadLettersAndRedisKeepsOneOfIt() {
        redis.stranger().call("XADD", "hark:{big}:ready", "*", "body", "x".repeat(BODY));
        long most = 0;
        try (Hark hark = Hark.connect(redis.url());
                Child worker = Child.startWithHeap(32, SmallHeap.class, redis.url(), "big", "1500", "2")) {
            while (hark.inspector().queue("big").info().dead() == 0) {
                most = Math.max(most, used());
                assertThat(worker.lines("handled")).isEmpty();
                assertThat(worker.alive()).isTrue();
                assertThat(hark.inspector().queue("big").info().recovered()).isZero();
            }

            DeadLetter dead = hark.inspector().queue("big").dead().list(1).get(0);
            QueueInfo info = hark.inspector().queue("big").info();
            assertThat(dead.reason()).contains("the reply to its claim was lost");
            assertThat(dead.ledger()).hasSize(3);
            assertThat(info.waiting() + info.active() + info.later()).isZero();
            assertThat(redis.stranger().number("XLEN", "hark:{big}:ready")).isZero();
            worker.awaitLines("event ClaimReplyLost", 3);
            assertThat(most).isLessThan(5L * BODY); // one, a copy while it moves, and what is read of it
            Patience.assertConserved(info);
        }
    }

    private static long used() {
        Matcher used = USED.matcher(String.valueOf(redis.stranger().call("INFO", "memory")));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1));
    }
}
