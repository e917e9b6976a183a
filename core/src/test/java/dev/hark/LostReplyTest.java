package dev.hark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.admin.QueueInfo;
import dev.hark.devserver.Proxy;
import dev.hark.event.Event;
import dev.hark.testing.ThreadDump;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request arrives at Redis, and its reply is lost with the connection. */
class LostReplyTest extends OnRedis {

    /** What the replies of the transitions contain, and no other. */
    private static final String CLAIMED = "$4\r\nbody\r\n";

    private static final String SETTLED = "$7\r\nsettled\r\n";
    private static final String ACCEPTED = "\r\naccepted ";

    private final Queue<Message<String>> handled = new ConcurrentLinkedQueue<>();
    private Proxy proxy;

    @Override
    String url() throws Exception {
        proxy = new Proxy(redis.get().port());
        return redis.url(proxy);
    }

    @AfterEach
    void closeProxy() {
        hark.close();
        proxy.close();
    }

    private Listener listen(Hark hark) {
        return hark.listener()
                .handleMessage(hark.queue("mail", String.class), message -> {
                    handled.add(message);
                    return Outcome.done();
                })
                .concurrency(50)
                .start();
    }

    @Test
    void aLostClaimIsHandedOutAgainAsTheSameAttempt() {
        listen(hark);
        mail.publishAll(OnBothStores.bodies(200)); // and claims take many at once from now on
        awaitDone(200);
        Proxy.Loss loss = proxy.loseReplies(CLAIMED, 2);

        mail.publishAll(OnBothStores.bodies(300));

        awaitDone(500);
        assertThat(loss.lost()).hasValue(2);
        assertThat(handled).hasSize(500);
        assertThat(handled).extracting(Message::id).doesNotHaveDuplicates();
        assertThat(handled).extracting(Message::attempt).containsOnly(1);
        assertThat(events.of(Event.Recovered.class)).isEmpty();
        assertThat(events.of(Event.Fenced.class)).isEmpty();
        assertThat(info().recovered()).isZero();
    }

    @Test
    void aLostSettleIsNeitherHandledNorCountedTwice() {
        listen(hark);
        Proxy.Loss loss = proxy.loseReplies(SETTLED, 5);

        mail.publishAll(OnBothStores.bodies(2_000));

        awaitDone(2_000);
        OnBothStores.patiently().until(() -> info().active() == 0);
        assertThat(loss.lost().get()).isPositive();
        assertThat(handled).hasSize(2_000);
        assertThat(info().refused()).isZero();
        assertThat(events.of(Event.Fenced.class)).isEmpty();
    }

    @Test
    void aLostSettleOfRetriesAndDeadLettersIsAppliedOnce() {
        hark.listener()
                .handleMessage(mail, message -> {
                    handled.add(message);
                    return message.attempt() == 1 ? Outcome.retry(Duration.ZERO) : Outcome.dead("as planned");
                })
                .concurrency(50)
                .start();
        Proxy.Loss loss = proxy.loseReplies(SETTLED, 5);

        mail.publishAll(OnBothStores.bodies(500));

        OnBothStores.patiently().until(() -> info().dead() == 500);
        OnBothStores.patiently().until(() -> info().active() == 0);
        assertThat(loss.lost().get()).isPositive();
        assertThat(handled).hasSize(1_000);
        assertThat(info().retried()).isEqualTo(500);
        assertThat(info().waiting() + info().later()).isZero();
        assertThat(events.of(Event.Fenced.class)).isEmpty();
    }

    @Test
    void aLostPublishOfDelayedMessagesKeepsEachOnce() {
        Proxy.Loss loss = proxy.loseReplies(ACCEPTED, 3);

        List<Receipt> receipts = mail.publishAll(OnBothStores.bodies(1_000), Publish.after(Duration.ofHours(1)));

        assertThat(loss.lost().get()).isPositive();
        assertThat(info().later()).isEqualTo(1_000);
        assertThat(info().published()).isEqualTo(1_000);
        assertThat(redis.stranger().list("ZRANGE", "hark:{mail}:later", 0, -1))
                .isEqualTo(receipts.stream().map(Receipt::id).toList());
    }

    @Test
    void connectionsThatAreCutAgainAndAgainLoseNothing() {
        listen(hark);
        for (int i = 0; i < 20; i++) {
            long before = handled.size();
            List<CompletableFuture<Receipt>> underWay =
                    OnBothStores.bodies(50).stream().map(mail::publishAsync).toList();
            OnBothStores.patiently().until(() -> handled.size() > before);
            proxy.cutAll();
            assertThat(underWay).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(30)));
        }

        OnBothStores.patiently().until(() -> {
            QueueInfo info = redisInfo();
            return info.published() == 1_000 && info.done() == 1_000;
        });
        assertThat(handled).extracting(Message::id).doesNotHaveDuplicates();
        assertThat(handled).extracting(Message::attempt).containsOnly(1);
        assertThat(events.of(Event.SessionLost.class)).isEmpty();
    }

    @Test
    void aLeaseIsExtendedAgainAfterItsConnectionWasCut() {
        listen(hark);
        double before = lease();

        proxy.cutAll();

        OnBothStores.patiently().until(() -> lease() > before + LEASE.toMillis());
        assertThat(events.of(Event.SessionLost.class)).isEmpty();
    }

    private static double lease() {
        return Double.parseDouble(String.valueOf(redis.stranger()
                .list("ZRANGE", "hark:{mail}:sessions", 0, 0, "WITHSCORES")
                .get(1)));
    }

    /** By a way of its own, since that through the proxy was cut just now. */
    private QueueInfo redisInfo() {
        try (Hark direct = Hark.connect(redis.url())) {
            return direct.inspector().queue("mail").info();
        }
    }

    @Test
    void whatIsClaimedWhileClosingIsGivenBackAsTheSameAttempt() throws Exception {
        Listener first = listen(hark);
        Proxy.Held held = proxy.holdReply(CLAIMED);
        mail.publish("hi");
        assertThat(held.caught().await(30, TimeUnit.SECONDS)).isTrue();
        Thread closer = Thread.ofPlatform().start(first::close);
        OnBothStores.patiently().until(() -> ThreadDump.isSomeIn("Claimer.join"));

        held.released().countDown();
        closer.join();

        assertThat(handled).isEmpty();
        assertThat(info().waiting()).isEqualTo(1);
        assertThat(info().recovered()).isZero();
        listen(hark);
        awaitDone(1);
        assertThat(handled).extracting(Message::attempt).containsExactly(1);
    }

    @Test
    void aClaimWhoseReplyNeverComesIsGivenUpWithItsConnection() throws Exception {
        listen(hark);
        Proxy.Held held = proxy.holdReply(CLAIMED);
        mail.publish("hi");
        assertThat(held.caught().await(30, TimeUnit.SECONDS)).isTrue();

        awaitDone(1);

        assertThat(held.released().getCount()).isEqualTo(1);
        assertThat(handled).extracting(Message::attempt).containsExactly(1);
        held.released().countDown();
    }

    @Test
    void aChannelOverWhichNothingComesAnyMoreIsGivenUp() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        hark.channel("news", String.class).subscribe(heard::add);

        proxy.freeze();

        OnBothStores.patiently()
                .until(() -> !events.of(Event.ConnectionLost.class).isEmpty());
        proxy.thaw();
        OnBothStores.patiently().until(() -> redis.stranger().number("PUBLISH", "news", "again") == 1);
        OnBothStores.patiently().until(() -> heard.contains("again"));
    }

    @Test
    void aChannelIsHeardAgainAndSaysThatItWasNot() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        hark.channel("news", String.class).subscribe(heard::add);

        proxy.cutAll();

        OnBothStores.patiently().until(() -> redis.stranger().number("PUBLISH", "news", "again") == 1);
        OnBothStores.patiently().until(() -> heard.contains("again"));
        OnBothStores.patiently()
                .untilAsserted(() -> assertThat(events.all())
                        .extracting(event -> event.getClass().getSimpleName())
                        .containsExactly("ConnectionLost", "ConnectionRegained"));
    }
}
