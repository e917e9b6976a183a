package dev.hark.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Outcome;
import dev.hark.cli.term.Notes;
import dev.hark.event.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoticesTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private boolean verbose;
    private final Notes notes = new Notes(new PrintStream(err, true, StandardCharsets.UTF_8), () -> verbose);

    private List<String> said(Notices.Scope scope, Event... events) {
        Notices notices = new Notices(notes, scope);
        for (Event event : events) {
            notices.on(event);
        }
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static Event lost(String use) {
        return new Event.ConnectionLost(use, new IOException("gone"));
    }

    private static Event regained(String use, int seconds) {
        return new Event.ConnectionRegained(use, Duration.ofSeconds(seconds));
    }

    @Test
    void anOutageIsSaidOnceHoweverManyConnectionsItHits() {
        assertThat(said(
                        Notices.Scope.QUEUES,
                        lost("a"),
                        lost("b"),
                        regained("a", 3),
                        lost("c"),
                        regained("c", 1),
                        regained("b", 2),
                        lost("a"),
                        regained("a", 1)))
                .containsExactly(
                        "hark: connection lost (a): gone; trying again",
                        "hark: connection regained after 3s",
                        "hark: connection lost (a): gone; trying again",
                        "hark: connection regained after 1s");
    }

    @Test
    void aGapMattersToChannels() {
        assertThat(said(Notices.Scope.CHANNELS, lost("c"), regained("c", 3)))
                .containsExactly(
                        "hark: connection lost (c): gone; trying again",
                        "hark: connection regained (c) after 3s; what was published in between was not heard");
    }

    @Test
    void aRefusedSettleIsOneLineWithTheWordFenced() {
        assertThat(said(Notices.Scope.QUEUES, new Event.Fenced("mail", List.of("1-1", "1-2"), 2)))
                .singleElement()
                .asString()
                .contains("fenced", "2 outcomes of mail", "1-1, 1-2");
    }

    @Test
    void aFailedAttemptSaysWhatComesNext() {
        Outcome retry = Outcome.retry(Duration.ofSeconds(2), "boom\nbang");
        Outcome dead = Outcome.dead("boom");

        assertThat(said(
                        Notices.Scope.QUEUES,
                        new Event.Failed("mail", "1-1", 1, retry, null),
                        new Event.Failed("mail", "1-1", 2, dead, null)))
                .containsExactly(
                        "hark: mail 1-1: attempt 1 failed: boom bang; next try in 2s",
                        "hark: mail 1-1: attempt 2 failed: boom; it is dead now: hark dead show mail 1-1");
    }

    @Test
    void theDemoSaysNothingOfFailuresThatAreMeant() {
        Event failed = new Event.Failed("mail", "1-1", 1, Outcome.retry(Duration.ZERO), null);

        assertThat(said(Notices.Scope.CONNECTION, failed)).isEmpty();
        verbose = true;
        assertThat(said(Notices.Scope.CONNECTION, failed)).hasSize(1);
    }

    @Test
    void everyOtherEventIsOneLineOrAnswersToVerbose() {
        verbose = true;

        assertThat(said(
                        Notices.Scope.QUEUES,
                        new Event.Recovered("mail", "s1", 3),
                        new Event.SessionLost("mail", "s1", "s2"),
                        new Event.Parked("mail", "1-1", "version 9"),
                        new Event.GroupRestored("mail", 7),
                        new Event.RolledBack("mail", "p1", 9, 5),
                        new Event.SenderCloned("mail", "p1")))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).startsWith("hark: mail"));
    }
}
