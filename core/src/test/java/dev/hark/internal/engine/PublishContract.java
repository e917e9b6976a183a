package dev.hark.internal.engine;

import static dev.hark.internal.engine.QueueDriver.accepted;
import static dev.hark.internal.engine.QueueDriver.bodies;
import static dev.hark.internal.engine.QueueDriver.envelope;
import static dev.hark.internal.engine.QueueDriver.ids;
import static dev.hark.internal.engine.QueueDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hark.error.PublishUnknownException;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.message.Envelope;
import dev.hark.internal.engine.message.Meta;
import dev.hark.internal.engine.publish.Publisher;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Numbered batches of senders. */
interface PublishContract extends StoreContract {

    @Test
    default void messagesAreHandedOutInTheOrderPublishedUnderTheirIds() {
        QueueDriver queue = queue().open("s");

        List<String> published = new ArrayList<>(queue.publish("a", "b"));
        published.addAll(queue.publish("c"));

        List<Claimed> claimed = queue.claim("s", 10);
        assertThat(bodies(claimed)).containsExactly("a", "b", "c");
        assertThat(ids(claimed)).isEqualTo(published).doesNotHaveDuplicates();
        assertThat(queue.info().published()).isEqualTo(3);
        assertThat(queue.info().active()).isEqualTo(3);
    }

    @Test
    default void aFreshMessageHasItsMetaItsTimeAndNoAttempt() {
        QueueDriver queue = queue().open("s");
        String meta = new Meta("type", "schlüssel", java.util.Map.of("h", "值")).write();
        long before = rig().nowMillis();

        queue.publish(1, List.of(new Publication(Publication.NOW, meta, new byte[] {0, -1, '\r', '\n', -128})));

        Envelope envelope = envelope(queue.claimOne("s"));
        assertThat(envelope.meta()).isEqualTo(meta);
        assertThat(envelope.body()).containsExactly(0, -1, '\r', '\n', -128);
        assertThat(envelope.attempts()).isZero();
        assertThat(envelope.recoveries()).isZero();
        assertThat(envelope.log()).isEmpty();
        assertThat(envelope.foreign()).isFalse();
        assertThat(envelope.publishedAtMillis()).isCloseTo(before, within(5_000L));
    }

    @Test
    default void anEmptyBodyIsABody() {
        QueueDriver queue = queue().open("s");

        queue.publish("");

        assertThat(bodies(queue.claim("s", 1))).containsExactly("");
    }

    @Test
    default void aFullBatchHasUniqueIds() {
        QueueDriver queue = queue().open("s");

        List<String> ids = queue.publishMany(500, Publication.NOW);

        assertThat(ids).hasSize(500).doesNotHaveDuplicates();
        assertThat(ids(queue.claimAll("s"))).isEqualTo(ids);
    }

    @Test
    default void aRepeatedBatchIsAnsweredAsBeforeAndWrittenOnce() {
        QueueDriver queue = queue();
        Batch batch = queue.batch(1, List.of(message("a"), message("b"), message("c")));
        PublishReply.Accepted first = (PublishReply.Accepted) store().publish(batch);

        PublishReply again = store().publish(batch);

        assertThat(again).isEqualTo(new PublishReply.Accepted(first.placed(), true));
        assertThat(queue.info().waiting()).isEqualTo(3);
        assertThat(queue.info().published()).isEqualTo(3);
    }

    @Test
    default void theReplySaysWhereEachMessageWent() {
        QueueDriver queue = queue();
        Publication.Due soon = new Publication.Due.After(60_000);
        Publication.Due past = new Publication.Due.At(1);

        PublishReply reply =
                store().publish(queue.batch(1, List.of(message("a"), message(soon, "b"), message(past, "c"))));

        assertThat(((PublishReply.Accepted) reply).placed())
                .extracting(Placed::how)
                .containsExactly(Placed.How.READY, Placed.How.LATER, Placed.How.READY);
    }

    @Test
    default void aRepeatedBatchWithDelayedMessagesIsAnsweredAsBefore() {
        QueueDriver queue = queue();
        Publication.Due soon = new Publication.Due.After(60_000);
        Batch batch = queue.batch(1, List.of(message("a"), message(soon, "b"), message("c"), message(soon, "d")));
        PublishReply.Accepted first = (PublishReply.Accepted) store().publish(batch);

        PublishReply again = store().publish(batch);

        assertThat(again).isEqualTo(new PublishReply.Accepted(first.placed(), true));
        assertThat(accepted(first)).hasSize(4).doesNotHaveDuplicates();
        assertThat(queue.info().waiting()).isEqualTo(2);
        assertThat(queue.info().later()).isEqualTo(2);
    }

    @Test
    default void onlyTheBatchAfterTheLastIsTaken() {
        QueueDriver queue = queue();
        List<Publication> one = List.of(message("x"));
        queue.publish(1, one);
        queue.publish(2, one);

        assertThat(queue.publish(4, one)).isEqualTo(new PublishReply.Gap(2));
        assertThat(queue.publish(1, one)).isEqualTo(new PublishReply.Gap(2));
        assertThat(queue.info().waiting()).isEqualTo(2);
        assertThat(queue.info().published()).isEqualTo(2);

        accepted(queue.publish(3, one));
    }

    @Test
    default void anUnknownSenderBeginsWithOne() {
        QueueDriver queue = queue();

        assertThat(queue.publish(2, List.of(message("x")))).isEqualTo(new PublishReply.Gap(0));
        assertThat(queue.info().published()).isZero();
    }

    @Test
    default void anotherNonceUnderTheSameNumberIsAClone() {
        QueueDriver queue = queue();
        List<Publication> one = List.of(message("x"));
        store().publish(new Batch(queue.address(), "twin", 1, "first", one));

        PublishReply reply = store().publish(new Batch(queue.address(), "twin", 1, "second", one));

        assertThat(reply).isEqualTo(new PublishReply.Cloned());
        assertThat(queue.info().waiting()).isEqualTo(1);
    }

    @Test
    default void sendersAreNumberedApart() {
        QueueDriver queue = queue();
        List<Publication> one = List.of(message("x"));

        for (String sender : List.of("a", "b")) {
            accepted(store().publish(new Batch(queue.address(), sender, 1, "n", one)));
            accepted(store().publish(new Batch(queue.address(), sender, 2, "n", one)));
        }

        assertThat(queue.info().published()).isEqualTo(4);
    }

    @Test
    default void aRetiredSenderIsForgotten() {
        QueueDriver queue = queue();
        queue.publish("x");

        store().retire(queue.address(), "sender");

        assertThat(queue.publish(2, List.of(message("y")))).isEqualTo(new PublishReply.Gap(0));
    }

    @Test
    default void aSilentSenderIsForgottenInTheEnd() {
        QueueDriver queue = queue();
        queue.publish("x");

        queue.age(Duration.ofDays(2));

        assertThat(queue.publish(2, List.of(message("y")))).isEqualTo(new PublishReply.Gap(0));
    }

    /** Redis's clock may be put forward while a reply is lost: for the summer, or by a time zone. */
    @Test
    default void aClockThatIsPutForwardByHoursForgetsNoSender() {
        QueueDriver queue = queue();
        Batch batch = queue.batch(1, List.of(message("x")));
        PublishReply.Accepted first = (PublishReply.Accepted) store().publish(batch);

        queue.age(Duration.ofHours(14));

        assertThat(store().publish(batch)).isEqualTo(new PublishReply.Accepted(first.placed(), true));
        assertThat(queue.info().published()).isEqualTo(1);
    }

    @Test
    default void whatMayHaveBeenSentByASenderThatIsForgottenIsNotPublishedAgain() {
        QueueDriver queue = queue();
        AtomicBoolean lost = new AtomicBoolean();
        Store losing = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, args) -> {
                    Object reply = method.invoke(store(), args);
                    if (args != null
                            && args[0] instanceof Batch batch
                            && batch.sequence() == 2
                            && lost.compareAndSet(false, true)) {
                        store().retire(queue.address(), batch.sender());
                        throw new StoreException(StoreException.Kind.UNKNOWN, "the reply is lost", null);
                    }
                    return reply;
                });
        Publisher publisher = new Publisher(queue.address(), losing, new TestEnv().running());
        Publication any = message("x");

        assertThat(publisher.publish(any, true)).succeedsWithin(Duration.ofSeconds(30));
        assertThat(publisher.publish(any, true))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishUnknownException.class);
        assertThat(publisher.publish(any, true)).succeedsWithin(Duration.ofSeconds(30));

        assertThat(queue.info().published()).isEqualTo(3);
        publisher.close(Duration.ofSeconds(30));
    }

    @Test
    default void aRepeatKeepsTheSenderRemembered() {
        QueueDriver queue = queue();
        Batch batch = queue.batch(1, List.of(message("x")));
        store().publish(batch);

        queue.age(Duration.ofHours(23));
        store().publish(batch);
        queue.age(Duration.ofHours(23));

        accepted(queue.publish(2, List.of(message("y"))));
    }

    @Test
    default void aDelayedMessageKeepsItsIdUntilItIsDue() {
        QueueDriver queue = queue().open("s");

        List<String> ids = queue.publishAfter(Duration.ofMinutes(1), "a");

        assertThat(queue.info().later()).isEqualTo(1);
        assertThat(queue.promote().moved()).isZero();
        assertThat(queue.claim("s", 1)).isEmpty();
        queue.age(Duration.ofMinutes(1));
        assertThat(queue.promote()).isEqualTo(new ListenStore.Promotion(1, NextDue.NONE));
        assertThat(ids(queue.claim("s", 1))).isEqualTo(ids);
        assertThat(queue.info().later()).isZero();
    }

    @Test
    default void aMessageMayBeDueAtAPointInTime() {
        QueueDriver queue = queue();

        queue.publish(new Publication.Due.At(rig().nowMillis() + 60_000), "a");

        assertThat(queue.info().later()).isEqualTo(1);
        assertThat(QueueDriver.millis(queue.promote().nextDue())).isBetween(50_000L, 60_000L);
    }

    @Test
    default void aTimeInThePastIsAtOnce() {
        QueueDriver queue = queue();

        queue.publish(new Publication.Due.At(rig().nowMillis() - 60_000), "a");
        queue.publish(new Publication.Due.After(0), "b");

        assertThat(queue.info().waiting()).isEqualTo(2);
        assertThat(queue.info().later()).isZero();
    }

    @Test
    default void equalDueTimesKeepTheOrderPublished() {
        QueueDriver queue = queue().open("s");
        Publication.Due due = new Publication.Due.At(rig().nowMillis() + 60_000);

        List<String> ids = queue.publishMany(12, due);

        queue.age(Duration.ofMinutes(2));
        queue.promote();
        assertThat(ids(queue.claimAll("s"))).isEqualTo(ids);
    }
}
