package dev.hark.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.QueueInfo;
import dev.hark.proof.Fault.Kind;
import dev.hark.proof.Journal.Line;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the checker calls broken, and what it takes for explained. */
class CheckerTest {

    private final History history = new History();

    @Test
    void aMessageThatWasHandledOnceIsFine() {
        say("p", "0 sending a plain 0", "1 acknowledged a 1-1");
        say("w", "2 begin a 1 1-1", "3 end a 1 1-1");

        assertThat(check(1, 1).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 sending a plain 0;1 acknowledged a 1-1 | message a is lost",
                "2 begin a 1 1-1;3 end a 1 1-1 | message a is there, and nobody published it",
                "0 sending a plain 0;1 refused a;2 begin a 1 1-1;3 end a 1 1-1 | message a was reported as not published,"
                        + " and is there",
                "0 sending a plain 0;1 acknowledged a 1-1;2 begin a 1 1-2;3 end a 1 1-2 | message a was published more"
                        + " than once: [1-1, 1-2]",
                "0 sending a poison 0;1 acknowledged a 1-1;2 begin a 1 1-1;3 end a 1 1-1 | message a is poison, and was"
                        + " handled",
                "0 sending a plain 900;1 acknowledged a 1-1;800 begin a 1 1-1;801 end a 1 1-1 | message a was handled"
                        + " before it was due"
            })
    void aBrokenPromiseIsFound(String journal, String problem) {
        say("p", journal.split(";"));

        assertThat(check(1, 1).problems()).contains(problem);
    }

    @Test
    void anUnknownPublishMayBeThereOrNot() {
        say("p", "0 sending a plain 0", "1 unknown a", "0 sending b plain 0", "1 unknown b", "0 sending c plain 0");
        say("w", "2 begin a 1 1-1", "3 end a 1 1-1");

        Verdict verdict = check(1, 1);

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.unknown()).isEqualTo(3);
        assertThat(verdict.unknownThere()).isEqualTo(1);
    }

    @Test
    void aSecondAttemptNeedsACause() {
        handledTwice();

        assertThat(check(1, 1).unexplained()).isEqualTo(1);
    }

    @Test
    void aKillInTimeIsACause() {
        handledTwice();
        history.add(new Fault(Kind.KILLED, "w1", 1_000, 1_010));

        Verdict verdict = check(1, 1);

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.duplicates()).isEqualTo(Map.of("killed", 1));
        assertThat(verdict.slowestRecoveryMillis()).isEqualTo(2_000);
    }

    @Test
    void aKillOfAnotherIsNoCause() {
        handledTwice();
        history.add(new Fault(Kind.KILLED, "w2", 1_000, 1_010));

        assertThat(check(1, 1).unexplained()).isEqualTo(1);
    }

    @Test
    void aKillLongAfterwardsIsNoCause() {
        handledTwice();
        history.add(new Fault(Kind.KILLED, "w1", 60_000, 60_010));

        assertThat(check(1, 1).unexplained()).isEqualTo(1);
    }

    @Test
    void aKillAfterTheSecondAttemptIsNoCauseOfIt() {
        say("p", "0 sending a plain 0", "1 acknowledged a 1-1");
        say("w1", "2 begin a 1 1-1"); // and killed in the end, as all are
        say("w2", "3000 begin a 2 1-1", "3001 end a 2 1-1");
        history.add(new Fault(Kind.KILLED, "w1", 3_500, 3_510));

        assertThat(check(1, 1).unexplained()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CONNECTIONS_CUT", "SLOWED", "REDIS_KILLED"})
    void whatMustNotDoubleAnythingIsNoCause(Kind kind) {
        handledTwice();
        history.add(new Fault(kind, Fault.ALL, 0, 3_000));

        assertThat(check(1, 1).unexplained()).isEqualTo(1);
    }

    @Test
    void theSameAttemptTwiceIsNotExplainedByAKill() {
        say("p", "0 sending a plain 0", "1 acknowledged a 1-1");
        say("w1", "2 begin a 1 1-1", "3 end a 1 1-1");
        say("w2", "3000 begin a 1 1-1", "3001 end a 1 1-1");
        history.add(new Fault(Kind.KILLED, "w1", 10, 20));

        assertThat(check(1, 1).unexplained()).isEqualTo(1);
    }

    @Test
    void aPowerLossExcusesWhatWasAcknowledgedSinceTheLastSync() {
        say("p", "0 sending a plain 0", "10 acknowledged a 1-1", "20 sending b plain 0", "30 acknowledged b 1-2");
        history.add(new Fault(Kind.POWER_LOST, Fault.ALL, 15, 40));

        Verdict verdict = check(0, 0);

        assertThat(verdict.lost()).isEqualTo(1);
        assertThat(verdict.lostToPower()).isEqualTo(1);
        assertThat(verdict.problems())
                .containsExactly(
                        "message a is lost", "the queue counts 0 published, the journals 2, 1 of them at risk");
    }

    @Test
    void aPowerLossDoesNotExcuseSumsBeyondWhatWasAtRisk() {
        say("p", "0 sending a plain 0", "10 acknowledged a 1-1", "20 sending b plain 0", "30 acknowledged b 1-2");
        say("p", "22 sending c plain 0", "32 acknowledged c 1-3");
        say("w", "11 begin a 1 1-1", "12 end a 1 1-1", "31 begin b 1 1-2", "32 end b 1 1-2");
        say("w", "2041 begin c 1 1-3", "2042 end c 1 1-3"); // there afterwards, and so not lost
        history.add(new Fault(Kind.POWER_LOST, Fault.ALL, 15, 40));

        assertThat(check(2, 2).problems()).isEmpty();
        assertThat(check(3, 3).problems()).isEmpty();
        assertThat(check(2, 1).problems()).contains("the queue counts 1 done, the journals 3, 1 of them at risk");
        assertThat(check(4, 3).problems()).contains("the queue counts 4 published, the journals 3, 1 of them at risk");
    }

    @Test
    void sumsThatDoNotComeOutAreFound() {
        say("p", "0 sending a plain 0", "1 acknowledged a 1-1");
        say("w", "2 begin a 1 1-1", "3 end a 1 1-1");

        assertThat(check(1, 2).problems())
                .anyMatch(problem -> problem.startsWith("the sum of the queue is wrong"))
                .contains("the queue counts 2 done, the journals 1");
    }

    private void handledTwice() {
        say("p", "0 sending a plain 0", "1 acknowledged a 1-1");
        say("w1", "2 begin a 1 1-1", "3 end a 1 1-1");
        say("w2", "3000 begin a 2 1-1", "3001 end a 2 1-1");
    }

    private void say(String process, String... lines) {
        for (String line : lines) {
            history.add(process, Line.read(line));
        }
    }

    private Verdict check(long published, long done) {
        QueueInfo info = new QueueInfo("proof", 0, 0, 0, 0, published, done, 0, 0, 0, 0, 0, 0, 0, null);
        return Checker.check(history, info, List.of());
    }
}
