package dev.hark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.devserver.DevServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExamplesTest {

    private DevServer redis;

    @BeforeEach
    void startRedis() {
        redis = DevServer.start();
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private String[] url() {
        return new String[] {redis.url()};
    }

    @Test
    void helloQueueHandlesWhatItPublished() throws Exception {
        List<String> lines = Captured.lines(() -> HelloQueue.main(url()));

        assertThat(lines).containsExactly("sent 'Welcome' to ada@example.org");
    }

    @Test
    void theTourShowsAllOnOnePage() throws Exception {
        List<String> lines = Captured.lines(() -> Tour.main(url()));

        assertThat(lines)
                .containsExactly("memory, mail, 2", "acme in attempt 1", "Hello, World!", "5 of 5 done, 0 put back");
    }

    @Test
    void whatIsAroundHandlersSeesEachAttempt() throws Exception {
        List<String> lines = Captured.lines(() -> AroundHandlers.main(url()));

        assertThat(lines).containsExactly("Sales for acme", "reports: Done[] in attempt 1");
    }

    @Test
    void delayedMessagesComeInTheOrderOfTheirTimes() throws Exception {
        List<String> lines = Captured.lines(() -> DelayedMessages.main(url()));

        assertThat(lines).contains("putting off: now, but put off");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("handling"))
                .containsExactly(
                        "handling: at a quarter second, attempt 1",
                        "handling: now, but put off, attempt 1",
                        "handling: in a second, attempt 1");
    }

    @Test
    void retriesAreCountedAndDeadLettersTellWhy() throws Exception {
        List<String> lines = Captured.lines(() -> RetriesAndDeadLetters.main(url()));

        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "paid in attempt 2",
                        "dead after 1 attempts: java.lang.IllegalArgumentException: no such payment: nonsense",
                        "  attempt 1: java.lang.IllegalArgumentException: no such payment: nonsense",
                        "dead after 3 attempts: the bank says: try again",
                        "  attempt 1: the bank says: try again",
                        "  attempt 2: the bank says: try again",
                        "  attempt 3: the bank says: try again",
                        "put back: 2",
                        "paid at last, in attempt 1: broken",
                        "paid at last, in attempt 1: nonsense");
    }

    @Test
    void severalQueuesEachHaveTheirHandler() throws Exception {
        List<String> lines = Captured.lines(() -> SeveralQueues.main(url()));

        assertThat(lines).containsExactlyInAnyOrder("mail to ada@example.org", "report for acme", "archived 3 bytes");
    }

    @Test
    void channelsAreHeardByNameAndByPattern() throws Exception {
        List<String> lines = Captured.lines(() -> Channels.main(url()));

        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "heard: Hello, World!",
                        "heard on news.sport: Rain stops play",
                        "listeners on an empty channel: 0");
    }

    @Test
    void manyAtOnceAreAllHandled() throws Exception {
        List<String> lines = Captured.lines(() -> ManyAtOnce.main(url()));

        assertThat(lines)
                .containsExactly("published 1000 as a list", "published 1000 without waiting for each", "handled 2000");
    }

    @Test
    void receiptsSayWhatWasReached() throws Exception {
        List<String> lines = Captured.lines(() -> Receipts.main(url()));

        assertThat(lines)
                .containsExactly(
                        "unless asked: memory",
                        "fsynced was asked for, reached: memory",
                        "on no replica, reached: memory");
    }

    @Test
    void inspectShowsTheFiguresAndLeavesNothing() throws Exception {
        List<String> lines = Captured.lines(() -> Inspect.main(url()));

        assertThat(lines).containsExactly("parcels: 2 waiting, 0 active, 1 later, 0 dead, 0 done", "left: 0");
    }
}
