package dev.hark.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.QueueInfo;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoResultTest {

    private static QueueInfo queue(long published, long done, long retried, long dead) {
        return new QueueInfo("mail", 0, 0, 0, dead, published, done, retried, 0, 0, 0, 0, 0, 0, null);
    }

    @Test
    void countsAsLostWhatWasPublishedAndIsNeitherHandledNorDead() {
        DemoTally tally = new DemoTally(5);
        for (int n = 0; n < 4; n++) {
            tally.published(n);
        }
        tally.handled(0);
        tally.handled(0);
        tally.poisoned("mail", "id-1", 1);
        BitSet dead = new BitSet();
        dead.set(tally.numberOf("mail", "id-1"));

        assertThat(tally.missing(dead)).isEqualTo(2);
        assertThat(tally.missing(new BitSet())).isEqualTo(3);
        assertThat(tally.handledCount()).isEqualTo(1);
        assertThat(tally.numberOf("mail", "unknown")).isEqualTo(-1);
        assertThat(tally.isPublished()).isFalse();
    }

    @Test
    void isCompleteOnlyIfAllIsAccountedFor() {
        List<QueueInfo> queues = List.of(queue(10, 8, 0, 2));

        assertThat(new DemoResult(10, 8, 0, Duration.ofSeconds(1), queues).isComplete())
                .isTrue();
        assertThat(new DemoResult(11, 8, 1, Duration.ofSeconds(1), queues).isComplete())
                .isFalse();
        assertThat(new DemoResult(10, 7, 1, Duration.ofSeconds(1), queues).isComplete())
                .isFalse();
    }

    @Test
    void countsNothingAsLostThatRedisStillHolds() {
        QueueInfo stopped = new QueueInfo("mail", 3, 2, 1, 0, 10, 4, 0, 0, 0, 0, 0, 0, 0, null);

        assertThat(new DemoResult(10, 4, 6, Duration.ofSeconds(1), List.of(stopped)).lost())
                .isZero();
        assertThat(new DemoResult(10, 3, 7, Duration.ofSeconds(1), List.of(stopped)).lost())
                .isEqualTo(1);
        assertThat(new DemoResult(10, 4, 6, Duration.ofSeconds(1), List.of(stopped)).isComplete())
                .isFalse();
    }

    @Test
    void theJsonHasTheFiguresOfAllQueues() {
        DemoResult result =
                new DemoResult(20_000, 16, 0, Duration.ofMillis(500), List.of(queue(10, 8, 1, 2), queue(10, 8, 2, 3)));

        assertThat(result.json())
                .isEqualTo("{\"published\":20000,\"handled\":16,\"retried\":3,\"dead\":5,\"lost\":0,\"seconds\":0.5,"
                        + "\"messagesPerSecond\":32}");
        assertThat(result.summary()).contains("20,000 published, 16 handled, 5 dead, 0 lost: 0.5 s, 32 messages/s");
    }

    @Test
    void poisonAndBadLuckDoNotMeet() {
        for (int n = 0; n < 1000; n++) {
            DemoJob job = DemoJob.of(n);
            assertThat(job.isPoison() && job.isUnlucky()).isFalse();
        }
    }
}
