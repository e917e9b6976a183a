package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.admin.Finding;
import dev.hark.admin.Role;
import dev.hark.admin.Severity;
import dev.hark.error.InvalidInputException;
import dev.hark.testing.Users;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is found on a real Redis, and mended beside those who work. */
class DoctorTest extends OnRedis {

    private static final String READY = "hark:{mail}:ready";
    private static final String SESSIONS = "hark:{mail}:sessions";

    private List<Finding> ofQueues(Hark looking) {
        return looking.inspector().diagnose().findings().stream()
                .filter(finding -> finding.queue() != null)
                .toList();
    }

    private Finding finding(String id) {
        return ofQueues(hark).stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** A listener that died a minute ago, with messages in its hands. */
    private void died(String session, int messages) {
        redis.stranger().call("XGROUP", "CREATE", READY, "hark", "0", "MKSTREAM");
        redis.stranger().call("XREADGROUP", "GROUP", "hark", session, "COUNT", messages, "STREAMS", READY, ">");
        redis.stranger().call("ZADD", SESSIONS, System.currentTimeMillis() - 60_000, session);
        redis.stranger().call("HSET", "hark:{mail}:stats", "listed", 0, "floor", "0-1");
    }

    @Test
    void durabilityThatTheServerCannotReachIsSaid() {
        hark.inspector().queue("mail").configure(settings -> settings.durability(Durability.FSYNCED));

        assertThat(finding("durability").what()).contains("each message is to be fsynced", "keeps no append-only file");

        redis.stranger().call("HSET", "hark:{mail}:config", "durability", "carved in stone");
        assertThat(ofQueues(hark)).extracting(Finding::id).doesNotContain("durability");
    }

    @Test
    void whatALostSessionHeldIsHandedOverOnceAndHandledOnceMore() {
        mail.publishAll(List.of("a", "b", "c"));
        died("lost", 2);
        Finding lapsed = finding("lapsed-sessions");

        assertThat(hark.inspector().repair(lapsed)).isEqualTo("2 messages handed over");

        assertThat(hark.inspector().repair(lapsed)).as("stale by now").isEqualTo("nothing is left to hand over");
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        hark.listener()
                .handleMessage(mail, message -> {
                    handled.add(message.body() + message.attempt());
                    return Outcome.done();
                })
                .start();
        awaitDone(3);
        assertThat(handled).containsExactlyInAnyOrder("a2", "b2", "c1");
        assertThat(info().recovered()).isEqualTo(2);
    }

    @Test
    void whatNobodyAnswersForIsHandedOverAsOneMoreAttempt() {
        mail.publishAll(List.of("a", "b"));
        died("stranger", 1);
        redis.stranger().call("DEL", SESSIONS);
        String entry = redis.stranger().pending(READY, "stranger").get(0);
        redis.stranger().call("XCLAIM", READY, "hark", "stranger", 0, entry, "IDLE", 60_000, "JUSTID");

        assertThat(hark.inspector().repair(finding("pending-of-nobody"))).isEqualTo("1 message handed over");

        Queue<String> handled = new ConcurrentLinkedQueue<>();
        hark.listener()
                .handleMessage(mail, message -> {
                    handled.add(message.body() + message.attempt());
                    return Outcome.done();
                })
                .start();
        awaitDone(2);
        assertThat(handled).containsExactlyInAnyOrder("a2", "b1");
    }

    @Test
    void aFindingThatIsStaleDoesNothingToALivingListener() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        hark.listener()
                .handle(mail, body -> {
                    begun.countDown();
                    end.await();
                })
                .start();
        mail.publish("a");
        begun.await();

        for (String id : List.of("lapsed-sessions", "pending-of-nobody", "sum")) {
            String done = hark.inspector()
                    .repair(new Finding(id, Severity.WARNING, "mail", "what was found before", "repair it", "repair"));
            assertThat(done).startsWith("nothing is ");
        }

        end.countDown();
        awaitDone(1);
        assertThat(info().recovered()).isZero();
        assertThat(info().refused()).isZero();
        assertThat(info().deleted()).isZero();
    }

    @Test
    void aLossIsCountedAsDeleted() {
        mail.publishAll(List.of("a", "b", "c"));
        redis.stranger().call("XTRIM", READY, "MAXLEN", 1);
        assertThat(hark.inspector().diagnose().promisesHold()).isFalse();

        assertThat(hark.inspector().repair(finding("sum"))).isEqualTo("2 messages counted as deleted");

        assertThat(ofQueues(hark)).extracting(Finding::id).containsExactly("nobody-listens");
        assertThat(hark.inspector().diagnose().promisesHold()).isTrue();
        assertThat(info().deleted()).isEqualTo(2);
    }

    @Test
    void ofAQueueThatIsBusyNothingFalseIsSaid() {
        hark.listener()
                .concurrency(50)
                .handleMessage(mail, message -> switch (message.body().charAt(0)) {
                    case '1' -> message.attempt() == 1 ? Outcome.retry(Duration.ofMillis(1)) : Outcome.done();
                    case '2' -> message.attempt() == 1 ? Outcome.retry(Duration.ZERO) : Outcome.done();
                    default -> Outcome.done();
                })
                .start();
        List<Finding> found = new ArrayList<>();
        try (Hark reader = Hark.connect(Users.url(redis.get(), Role.READER, "hark"))) {
            for (int round = 1; round <= 20; round++) {
                mail.publishAll(OnBothStores.bodies(500));
                redis.stranger().call("XADD", READY, "*", "body", "foreign");
                for (int look = 0; look < 5; look++) {
                    ofQueues(reader).stream()
                            .filter(finding ->
                                    !finding.id().equals("sum-unknown")) // says that it could not look at all
                            .forEach(found::add);
                }
            }
        }
        awaitDone(20 * 501);

        assertThat(found).isEmpty();
        assertThat(info().retried()).isPositive();
    }

    @Test
    void whoMayOnlyReadCanLookAndNotRepair() {
        mail.publish("a");
        died("lost", 1);
        try (Hark reader = Hark.connect(Users.url(redis.get(), Role.READER, "hark"))) {
            Finding lapsed = ofQueues(reader).get(0);

            assertThat(lapsed.id()).isEqualTo("lapsed-sessions");
            assertThatThrownBy(() -> reader.inspector().repair(lapsed)).hasMessageContaining("takeover.lua");
        }
        assertThat(info().recovered()).isZero();
    }

    @Test
    void overTheNewerProtocolItIsTheSame() {
        mail.publish("a");
        died("lost", 1);
        try (Hark newer = Hark.connect(redis.url() + "?protocol=3")) {
            assertThat(newer.inspector().diagnose().findings())
                    .extracting(Finding::id)
                    .isEqualTo(hark.inspector().diagnose().findings().stream()
                            .map(Finding::id)
                            .toList())
                    .contains("lapsed-sessions");
        }
    }

    @Test
    void namesAndListsThatOthersHaveWrittenAreFindings() {
        redis.stranger().call("SADD", "hark:queues", "a b", "x\ny", "mail");
        assertThat(hark.inspector().diagnose().findings())
                .filteredOn(finding -> finding.id().equals("queue-name"))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.what()).doesNotContain("\n"));
        assertThat(hark.inspector().diagnose().queues()).containsExactly("mail");

        redis.stranger().call("DEL", "hark:queues");
        redis.stranger().call("SET", "hark:queues", "not Hark's");
        assertThat(hark.inspector().diagnose().findings())
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("the list of queues"));
        redis.stranger().call("DEL", "hark:queues");
    }

    @Test
    void whoMaySeeLittleIsToldSo() {
        mail.publish("a");
        for (Role role : List.of(Role.PUBLISHER, Role.WORKER)) {
            try (Hark little = Hark.connect(Users.url(redis.get(), role, "hark"))) {
                assertThat(little.inspector().diagnose().findings())
                        .filteredOn(finding -> finding.id().equals("hidden"))
                        .anySatisfy(finding -> assertThat(finding.what()).contains("the list of queues"));
            }
        }
    }

    @Test
    void whatCannotBeRepairedIsRefused() {
        Finding eviction = new Finding("eviction", Severity.ERROR, null, "what", "Set noeviction.", null);
        assertThatThrownBy(() -> hark.inspector().repair(eviction))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Set noeviction.");
        assertThatThrownBy(() ->
                        hark.inspector().repair(new Finding("sum", Severity.ERROR, "a b", "what", "do", "repair")))
                .isInstanceOf(InvalidInputException.class);
    }
}
