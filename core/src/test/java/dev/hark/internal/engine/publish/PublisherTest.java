package dev.hark.internal.engine.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hark.Durability;
import dev.hark.Receipt;
import dev.hark.error.ClosedException;
import dev.hark.error.NotPublishedException;
import dev.hark.error.PublishUnknownException;
import dev.hark.error.WrongTypeException;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.PublishStore.Batch;
import dev.hark.internal.engine.PublishStore.Placed;
import dev.hark.internal.engine.PublishStore.PublishReply;
import dev.hark.internal.engine.QueueConfig;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import dev.hark.internal.engine.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a publisher makes of the store's answers. */
class PublisherTest {

    private final TestEnv env = new TestEnv();
    private final Queue<Batch> sent = new ConcurrentLinkedQueue<>();
    private final Queue<Function<Batch, PublishReply>> answers = new ArrayDeque<>();
    private final Queue<String> retired = new ConcurrentLinkedQueue<>();

    private final Store store = new StubStore() {
        @Override
        public synchronized PublishReply publish(Batch batch, Runnable meanwhile) {
            sent.add(batch);
            Function<Batch, PublishReply> answer = answers.size() > 1 ? answers.remove() : answers.peek();
            return answer == null ? accept(batch) : answer.apply(batch);
        }

        @Override
        public void retire(Address queue, String sender) {
            retired.add(sender);
        }
    };
    private final Publisher publisher = new Publisher(Address.of("mail"), store, env.running());

    private static PublishReply accept(Batch batch) {
        return new PublishReply.Accepted(
                IntStream.range(0, batch.messages().size())
                        .mapToObj(i -> new Placed(batch.sequence() + "-" + i, Placed.How.READY))
                        .toList(),
                false);
    }

    private static Function<Batch, PublishReply> fail(Kind kind) {
        return batch -> {
            throw new StoreException(kind, "as planned", null);
        };
    }

    private CompletableFuture<Receipt> publish() {
        return publisher.publish(new Publication(Publication.NOW, "", new byte[1]), true);
    }

    @Test
    void batchesAreNumbered() {
        publish().join();
        publish().join();

        assertThat(sent).extracting(Batch::sequence).containsExactly(1L, 2L);
        assertThat(sent).extracting(Batch::sender).containsOnly(sent.element().sender());
        assertThat(sent).extracting(Batch::nonce).doesNotHaveDuplicates();
    }

    @Test
    void whatIsDueLaterTravelsInSmallerBatches() {
        List<Publication> now = Collections.nCopies(1_000, new Publication(Publication.NOW, "", new byte[1]));
        List<Publication> later =
                Collections.nCopies(1_000, new Publication(new Publication.Due.After(1), "", new byte[1]));

        publisher.publishAll(now.stream()).forEach(CompletableFuture::join);
        int most = largest();
        sent.clear();
        publisher.publishAll(later.stream()).forEach(CompletableFuture::join);

        assertThat(most).isEqualTo(500);
        assertThat(largest()).isEqualTo(100);
        assertThat(sent).hasSizeLessThanOrEqualTo(11); // the first may have gone alone
    }

    @Test
    void whereEachBatchIsWaitedForItIsNoSmaller() {
        Publisher durable = new Publisher(
                new QueueConfig(Address.of("mail"), store, env.running()),
                store,
                env.running(),
                new Publishers.Wish(Durability.FSYNCED, false));

        durable.publishAll(
                        Collections.nCopies(1_000, new Publication(new Publication.Due.After(1), "", new byte[1]))
                                .stream())
                .forEach(CompletableFuture::join);

        assertThat(largest()).isEqualTo(500);
    }

    private int largest() {
        return sent.stream().mapToInt(batch -> batch.messages().size()).max().orElseThrow();
    }

    @Test
    void whatMayHaveArrivedIsSentAgainAsItWas() {
        answers.addAll(List.of(fail(Kind.UNKNOWN), fail(Kind.NOT_NOW), fail(Kind.UNKNOWN), PublisherTest::accept));

        assertThat(publish()).succeedsWithin(Duration.ofSeconds(30));

        assertThat(sent).hasSize(4).containsOnly(sent.element());
    }

    @Test
    void afterARollbackItReportsAndGoesOnUnderANewId() {
        publish().join();
        publish().join();
        String before = sent.element().sender();
        answers.addAll(List.of(batch -> new PublishReply.Gap(1), PublisherTest::accept));

        assertThat(publish()).succeedsWithin(Duration.ofSeconds(30));

        Batch last = List.copyOf(sent).get(3);
        assertThat(last.sender()).isNotEqualTo(before);
        assertThat(last.sequence()).isEqualTo(1);
        assertThat(env.events(Event.RolledBack.class)).containsExactly(new Event.RolledBack("mail", before, 2, 1));
    }

    @Test
    void whoeverHasACloneGoesOnUnderANewId() {
        publish().join();
        String before = sent.element().sender();
        answers.addAll(List.of(batch -> new PublishReply.Cloned(), PublisherTest::accept));

        assertThat(publish()).succeedsWithin(Duration.ofSeconds(30));

        assertThat(env.events(Event.SenderCloned.class)).containsExactly(new Event.SenderCloned("mail", before));
        assertThat(List.copyOf(sent).get(2).sender()).isNotEqualTo(before);
    }

    @Test
    void whatIsCertainlyNotDoneIsSaidToBeSo() {
        answers.add(fail(Kind.NEVER));

        assertThat(publish())
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(NotPublishedException.class)
                .withMessageContaining("queue mail");
    }

    @Test
    void whatMayHaveBeenDoneIsSaidToBeUnknown() {
        answers.addAll(List.of(fail(Kind.UNKNOWN), fail(Kind.NEVER)));

        assertThat(publish())
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishUnknownException.class)
                .withMessageContaining("queue mail");
        answers.clear();
        String before = sent.element().sender();
        publish().join();
        assertThat(List.copyOf(sent).get(2).sender()).isNotEqualTo(before); // its number may have been used
    }

    @Test
    void aWrongTypeIsSaidToBeSo() {
        answers.add(fail(Kind.WRONG_TYPE));

        assertThat(publish())
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(WrongTypeException.class);
    }

    @Test
    void aSenderWhoseRequestMayStillArriveIsNotForgotten() {
        answers.addAll(List.of(fail(Kind.UNKNOWN), PublisherTest::accept));
        publish().join();

        publisher.close(Duration.ofSeconds(30));

        assertThat(retired).isEmpty();
    }

    @Test
    void afterCloseNothingIsTaken() {
        publish().join();

        publisher.close(Duration.ofSeconds(30));

        assertThat(retired).containsExactly(sent.element().sender());
        assertThat(publish())
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void closingTellsThoseWhoWaitWhatCouldNotBeSent() {
        answers.add(fail(Kind.NOT_NOW));
        CompletableFuture<Receipt> onTheWire = publish();
        CompletableFuture<Receipt> behindIt = publish();
        await().until(() -> sent.size() > 2); // it is tried again and again

        publisher.close(Duration.ZERO);

        assertThat(behindIt).isCompletedExceptionally();
        assertThat(onTheWire)
                .failsWithin(Duration.ofSeconds(5)) // and not after all the time that an outage is given
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(NotPublishedException.class);
    }

    // ---- how long a message may wait, by a clock that each try moves

    private final CountDownLatch all = new CountDownLatch(1); // has been published, and the first try may go on
    private final Publisher timed = new Publisher(Address.of("mail"), store, env.stepped(Threads.own("own-")));
    private final long start = env.now();

    private Function<Batch, PublishReply> taking(Duration time, Function<Batch, PublishReply> answer) {
        return batch -> {
            try {
                all.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            env.pass(time);
            return answer.apply(batch);
        };
    }

    private List<CompletableFuture<Receipt>> publishAsync(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> timed.publish(new Publication(Publication.NOW, "", new byte[1]), false))
                .toList();
    }

    private static void assertFails(CompletableFuture<Receipt> receipt, Class<? extends Exception> as) {
        assertThat(receipt)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(as);
    }

    @Test
    void besideAServerThatHangsEachIsToldWithinHalfAMinuteOfBeingHandedOver() {
        answers.add(taking(Duration.ofSeconds(5), fail(Kind.UNKNOWN)));
        Queue<Long> toldAt = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Receipt>> first = publishAsync(1);
        await().until(() -> sent.size() == 1);
        List<CompletableFuture<Receipt>> others = publishAsync(2_000).stream()
                .map(receipt -> receipt.whenComplete((done, error) -> toldAt.add(env.now())))
                .toList();

        all.countDown();

        assertFails(first.get(0), PublishUnknownException.class);
        others.forEach(receipt -> assertFails(receipt, NotPublishedException.class)); // they were never sent
        await().until(() -> toldAt.size() == 2_000);
        assertThat(toldAt).allMatch(at -> Duration.ofNanos(at - start).compareTo(Duration.ofSeconds(30)) <= 0);
        assertThat(sent).hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void whatCameLaterIsTriedForAsLong() {
        answers.addAll(List.of(
                taking(Duration.ofSeconds(6), fail(Kind.NOT_NOW)),
                taking(Duration.ofSeconds(1), fail(Kind.NOT_NOW)),
                taking(Duration.ofSeconds(1), PublisherTest::accept)));
        CompletableFuture<Receipt> first = publishAsync(1).get(0);
        await().until(() -> sent.size() == 1);
        CompletableFuture<Receipt> second = publishAsync(1).get(0);
        env.pass(Duration.ofSeconds(23));
        CompletableFuture<Receipt> late = publishAsync(1).get(0);

        all.countDown();

        assertFails(first, NotPublishedException.class);
        assertFails(second, NotPublishedException.class);
        assertThat(late).succeedsWithin(Duration.ofSeconds(30));
        assertThat(sent).extracting(batch -> batch.messages().size()).containsOnly(1);
    }

    @Test
    void whatMayHaveBeenSentIsSentAgainForThoseWhoseTimeIsNotUp() {
        answers.addAll(List.of(
                taking(Duration.ofSeconds(1), fail(Kind.NEVER)),
                taking(Duration.ofSeconds(12), fail(Kind.UNKNOWN)),
                taking(Duration.ofSeconds(1), PublisherTest::accept)));
        CompletableFuture<Receipt> first = publishAsync(1).get(0);
        await().until(() -> sent.size() == 1);
        CompletableFuture<Receipt> old = publishAsync(1).get(0);
        env.pass(Duration.ofSeconds(20));
        CompletableFuture<Receipt> young = publishAsync(1).get(0);

        all.countDown();

        assertFails(first, NotPublishedException.class);
        assertFails(old, PublishUnknownException.class);
        assertThat(young).succeedsWithin(Duration.ofSeconds(30));
        assertThat(List.copyOf(sent).get(2)).isEqualTo(List.copyOf(sent).get(1)); // as it was: it may be there
    }

    @Test
    void whatMovesSlowlyFailsNobody() {
        answers.add(taking(Duration.ofSeconds(20), PublisherTest::accept));
        CompletableFuture<Receipt> first = publishAsync(1).get(0);
        await().until(() -> sent.size() == 1);
        List<CompletableFuture<Receipt>> others = publishAsync(2_000);

        all.countDown();

        assertThat(first).succeedsWithin(Duration.ofSeconds(30));
        others.forEach(receipt -> assertThat(receipt).succeedsWithin(Duration.ofSeconds(30)));
        assertThat(sent).hasSize(5); // and 100 s are over
    }

    @Test
    void whoWaitsIsToldAlthoughWhatOthersDoAfterwardsNeverEnds() throws InterruptedException {
        answers.add(taking(Duration.ZERO, PublisherTest::accept));
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Receipt> first = publishAsync(1).get(0);
        await().until(() -> sent.size() == 1);
        CompletableFuture<Void> endless = publishAsync(1).get(0).thenRun(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        CompletableFuture<Receipt> waiting = timed.publish(new Publication(Publication.NOW, "", new byte[1]), true);

        all.countDown();

        assertThat(first).succeedsWithin(Duration.ofSeconds(30));
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(30));
        assertThat(sent).hasSize(2); // it shared a batch with the other
        assertThat(endless).isNotDone();
        never.countDown();
    }

    @Test
    void whatMayHaveBeenSentByASenderThatIsForgottenIsNotSentByAnother() {
        publish().join();
        String before = sent.element().sender();
        answers.addAll(List.of(fail(Kind.UNKNOWN), batch -> new PublishReply.Gap(0), PublisherTest::accept));

        assertFails(publish(), PublishUnknownException.class);

        assertThat(sent).hasSize(3).extracting(Batch::sender).containsOnly(before);
        assertThat(env.events(Event.RolledBack.class)).containsExactly(new Event.RolledBack("mail", before, 1, 0));
        publish().join();
        assertThat(List.copyOf(sent).get(3).sender()).isNotEqualTo(before);
    }

    @Test
    void whatWasCertainlyNotSentByASenderThatIsForgottenIsSentByAnother() {
        publish().join();
        answers.addAll(List.of(fail(Kind.NOT_NOW), batch -> new PublishReply.Gap(0), PublisherTest::accept));

        assertThat(publish()).succeedsWithin(Duration.ofSeconds(30));
    }
}
