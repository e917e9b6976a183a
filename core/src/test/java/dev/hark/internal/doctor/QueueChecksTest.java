package dev.hark.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Durability;
import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.QueueFacts.Holders;
import dev.hark.internal.engine.QueueFacts.Reach;
import dev.hark.internal.engine.QueueFacts.Settled;
import dev.hark.internal.engine.QueueFacts.Sum;
import dev.hark.internal.engine.QueueFacts.WrongKey;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.ServerFacts.Disk;
import dev.hark.internal.engine.ServerFacts.Memory;
import dev.hark.internal.engine.ServerFacts.Replicas;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule about queues: what it says, and that nothing else does. */
class QueueChecksTest {

    /** A queue at which two work; a test changes one thing. */
    private static final class Given {
        Durability durability = Durability.MEMORY;
        String version = "8.2.2";
        boolean appendOnly = true;

        @Nullable
        String fsync = "everysec";

        Replicas replicas = new Replicas(2, 0, 0, -1);
        List<WrongKey> wrong = List.of();
        List<String> full = List.of();
        List<String> unreadable = List.of();
        boolean groupLost;
        long waiting = 5;
        long held = 3;
        long listeners = 2;
        Holders lapsed = Holders.NONE;
        Holders nobodys = Holders.NONE;

        @Nullable
        Duration oldest = Duration.ofSeconds(5);

        @Nullable
        Duration overdue = Duration.ofSeconds(5);

        @Nullable
        Duration sinceAsked = Duration.ofSeconds(1);

        Settled settled = new Settled(9_000, 9_000_000, "slow", Duration.ofHours(3));

        @Nullable
        Sum sum = Sum.EVEN;

        List<Finding> findings() {
            ServerFacts server = new ServerFacts(
                    "there:6379",
                    "Redis",
                    version,
                    new Memory(0, 0, 0, 0, "noeviction", Duration.ZERO),
                    new Disk(appendOnly, fsync, false, true, false, false, Duration.ZERO),
                    replicas,
                    Duration.ZERO,
                    null,
                    null,
                    List.of());
            return Checks.of(facts(), List.of(server)).toList();
        }

        private QueueFacts facts() {
            return new QueueFacts(
                    "mail",
                    "there:6379",
                    durability,
                    wrong,
                    full,
                    unreadable,
                    groupLost,
                    waiting,
                    2,
                    3,
                    held,
                    listeners,
                    lapsed,
                    nobodys,
                    oldest,
                    overdue,
                    sinceAsked,
                    settled,
                    sum);
        }

        Finding says(String id, Severity severity, String... words) {
            assertThat(findings()).hasSize(1);
            Finding finding = findings().get(0);
            assertThat(finding.id()).isEqualTo(id);
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.queue()).isEqualTo("mail");
            assertThat(finding.what()).contains(words);
            assertThat(finding.todo()).isNotBlank();
            return finding;
        }
    }

    @Test
    void ofAQueueAtWhichSomebodyWorksNothingIsSaid() {
        assertThat(new Given().findings()).isEmpty();
    }

    @Test
    void settledMessagesThatTakeMuchMemoryAreWeighed() {
        Given given = new Given();
        given.settled = new Settled(100, 70L << 20, "slow", Duration.ofHours(3));

        given.says("settled-memory", Severity.WARNING, "100 messages", "70 MiB", "slow", "3 hours");
    }

    @Test
    void settledMessagesThatNobodyHoldsBackAreWeighedToo() {
        Given given = new Given();
        given.settled = new Settled(1, 700L << 20, null, null);

        given.says("settled-memory", Severity.WARNING, "1 message", "700 MiB", "nobody has swept");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fsynced | 8.2.2 | false | no | 2 | 0 | keeps no append-only file",
                "fsynced | 8.2.2 | true | no | 2 | 0 | never syncs its append-only file",
                "fsynced | 7.0.15 | true | everysec | 2 | 0 | does not tell when it has synced",
                "fsynced | 7.0.15 | true |  | 2 | 0 | does not tell when it has synced",
                "fsynced | 6.2.20 | true | no | 2 | 0 | never syncs its append-only file",
                "replicated(2) | 8.2.2 | true | no | 1 | 0 | has 1 replica:",
                "replicated(2) | 8.2.2 | true | no | 2 | 1 | has 1 replica in sync",
                "replicated(1) | 8.2.2 | true | no | 0 | 0 | has no replica",
            })
    void whatTheServerCannotReachIsSaid(
            String durability,
            String version,
            boolean appendOnly,
            @Nullable String fsync,
            int replicas,
            int behind,
            String why) {
        Given given = new Given();
        given.durability = Durability.parse(durability);
        given.version = version;
        given.appendOnly = appendOnly;
        given.fsync = fsync;
        given.replicas = new Replicas(replicas, behind, 0, -1);

        given.says("durability", Severity.WARNING, durability, "Redis at there:6379 " + why, "strict publishing fails");
    }

    @ParameterizedTest
    @CsvSource({
        "memory, 7.0.15, everysec",
        "fsynced, 7.2.0, everysec",
        "fsynced, 7.2.0,",
        "fsynced, 8.2.2, everysec",
        "fsynced, 7.0.15, always",
        "replicated(2), 7.0.15, no"
    })
    void whatTheServerCanReachIsNotWorthAWord(String durability, String version, @Nullable String fsync) {
        Given given = new Given();
        given.durability = Durability.parse(durability);
        given.version = version;
        given.fsync = fsync;

        assertThat(given.findings()).isEmpty();
    }

    @Test
    void keysThatOthersUseAreNamed() {
        Given given = new Given();
        given.wrong = List.of(new WrongKey("hark:{mail}:later", "string", "zset"));

        given.says("wrong-type", Severity.ERROR, "hark:{mail}:later holds a string instead of a zset");
    }

    @Test
    void streamsThatTakeNothingMoreAreNamed() {
        Given given = new Given();
        given.full = List.of("hark:{mail}:ready");

        given.says("full-stream", Severity.ERROR, "hark:{mail}:ready");
    }

    @Test
    void countersThatAreNoneAreNamed() {
        Given given = new Given();
        given.unreadable = List.of("done");

        given.says("counters", Severity.ERROR, "done");
    }

    @Test
    void delayedMessagesOfWhichHalfIsGoneAreTold() {
        Given given = new Given();
        given.held = 1;
        given.says("held", Severity.ERROR, "of 2 messages", "nothing but the time");
        given.held = 4;
        given.says("held", Severity.ERROR, "for 1 message", "nobody knows the time");
    }

    @Test
    void missingMessagesBreakAPromise() {
        Given given = new Given();
        given.sum = new Sum(3, Reach.ALL);
        assertThat(given.says("sum", Severity.ERROR, "3 messages that came in are nowhere")
                        .repair())
                .contains("count 3 messages of queue mail as deleted");
        given.sum = new Sum(1, Reach.HANDED_OUT);
        given.says("sum", Severity.ERROR, "at least 1 message that came in is nowhere");
        given.sum = new Sum(-3, Reach.ALL);
        assertThat(given.says("sum", Severity.ERROR, "3 messages more than were published")
                        .repairable())
                .isFalse();
    }

    @Test
    void whatIsNotCertainIsOnlyTold() {
        Given given = new Given();
        given.sum = new Sum(-3, Reach.HANDED_OUT);
        given.says("sum-unknown", Severity.INFO, "cannot be told");
        given.sum = new Sum(3, Reach.LITTLE);
        given.says("sum-unknown", Severity.INFO, "cannot be told");
        given.sum = new Sum(0, Reach.HANDED_OUT);
        assertThat(given.findings()).isEmpty();
        given.sum = null;
        assertThat(given.findings()).isEmpty();
    }

    @Test
    void aLostGroupIsTold() {
        Given given = new Given();
        given.groupLost = true;

        assertThat(given.says("group-lost", Severity.WARNING, "is gone").todo()).contains("Its listeners do the rest");
    }

    @Test
    void aQueueWithoutListenersIsTold() {
        Given given = new Given();
        given.listeners = 0;
        given.says("nobody-listens", Severity.WARNING, "5 messages wait, the oldest for 5 seconds");
        given.waiting = 0;
        given.oldest = null;
        given.says("nobody-listens", Severity.WARNING, "delayed messages are due");
        given.overdue = null;
        assertThat(given.findings()).isEmpty();
    }

    @Test
    void messagesThatWaitForLongAreTold() {
        Given given = new Given();
        given.oldest = Duration.ofMinutes(10);
        given.says("oldest-waiting", Severity.WARNING, "oldest of 5 waiting messages", "10 minutes", "2 listeners");
        given.oldest = Duration.ofMinutes(10).minusMillis(1);
        assertThat(given.findings()).isEmpty();
    }

    @Test
    void messagesThatNobodyAsksForAreTold() {
        Given given = new Given();
        given.oldest = Duration.ofMinutes(10);
        given.sinceAsked = Duration.ofMinutes(1);
        given.says("nobody-asks", Severity.WARNING, "5 messages wait", "none of 2 listeners", "for 60 seconds");
        given.oldest = Duration.ofMinutes(1).minusMillis(1);
        assertThat(given.findings()).isEmpty();
    }

    @Test
    void messagesThatAreDueForLongAreTold() {
        Given given = new Given();
        given.overdue = Duration.ofMinutes(3);

        given.says("overdue", Severity.WARNING, "due for 3 minutes");
    }

    @Test
    void lapsedSessionsAreToldAndCanBeRepaired() {
        Given given = new Given();
        given.lapsed = new Holders(1, 7, List.of("s\n1"));
        assertThat(given.says("lapsed-sessions", Severity.WARNING, "1 session", "(s?1) still holds 7 messages")
                        .repair())
                .contains("hand over the messages of 1 session");
        given.lapsed = new Holders(2, 0, List.of("s1", "s2"));
        given.says("lapsed-sessions", Severity.WARNING, "hold a place");
    }

    @Test
    void messagesOfNobodyAreToldAndCanBeRepaired() {
        Given given = new Given();
        given.nobodys = new Holders(101, 500, List.of("a", "b", "c", "d", "e", "f"));

        given.says("pending-of-nobody", Severity.WARNING, "101 consumers", "a, b, c, d, e, …", "at least 500 messages");
    }
}
