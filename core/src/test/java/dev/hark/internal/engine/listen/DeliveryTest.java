package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hark.Codec;
import dev.hark.Outcome;
import dev.hark.RetryPolicy;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import dev.hark.internal.engine.message.Envelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What begins, and what is given back instead. */
class DeliveryTest {

    private final List<Settlement> settled = new ArrayList<>();
    private final Store store = new StubStore() {
        @Override
        public SettleReply settle(SettleBatch batch) {
            settled.addAll(batch.settlements());
            return new SettleReply(0, List.of(), false, NextDue.UNKNOWN);
        }
    };
    private final Env env = new TestEnv().stepped(Runnable::run);
    private final InFlight inFlight =
            new InFlight(Address.of("mail"), "me", 3, new Gates(() -> {}), store, env, due -> {});
    private final Isolation isolation = new Isolation();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final AtomicInteger handled = new AtomicInteger();
    private final NoSlots slots = new NoSlots();

    private Delivery delivery() {
        return delivery(0);
    }

    private static Claimed claimed(int recoveries) {
        Envelope envelope = new Envelope("1-1", 1, recoveries, recoveries, "", "", new byte[] {1}, false);
        return new Claimed(Address.of("mail"), "me", "1-1", new Content.Legible(envelope), 0);
    }

    private Delivery delivery(int recoveries) {
        return delivery(recoveries, open::get);
    }

    private Delivery delivery(int recoveries, BooleanSupplier admits) {
        HandlerBinding<byte[]> binding = new HandlerBinding<>(
                Address.of("mail"),
                Codec.bytes(),
                message -> {
                    handled.incrementAndGet();
                    return Outcome.done();
                },
                RetryPolicy.DEFAULT);
        return new Delivery(claimed(recoveries), binding, inFlight, isolation, admits, slots, env);
    }

    @Test
    void whatMayBeginIsHandled() {
        delivery().run();

        assertThat(handled).hasValue(1);
        assertThat(settled).containsExactly(new Settlement.Done("1-1", false));
    }

    @Test
    void whoseTimeIsUpIsSettledThoughThereIsNoMemoryToSaySo() {
        AtomicReference<Delivery> self = new AtomicReference<>();
        Delivery.Slots full = new Delivery.Slots() {
            @Override
            public void overdue(Delivery delivery) {
                throw new OutOfMemoryError("full");
            }

            @Override
            public void free(Delivery delivery) {}
        };
        HandlerBinding<byte[]> binding = new HandlerBinding<>(
                Address.of("mail"),
                Codec.bytes(),
                message -> {
                    self.get().enforce(Duration.ZERO);
                    return Outcome.done();
                },
                RetryPolicy.DEFAULT);
        self.set(new Delivery(claimed(0), binding, inFlight, isolation, open::get, full, env));

        self.get().run();

        assertThat(settled)
                .singleElement()
                .isInstanceOfSatisfying(
                        Settlement.Again.class,
                        again -> assertThat(again.failure()).isNotNull());
    }

    /** Its thread may have lost its carrier to handlers that compute for ever. */
    @Test
    void whatHasAThreadButHasNotBegunCanBeGivenBack() {
        AtomicReference<Delivery> self = new AtomicReference<>();
        AtomicBoolean givenBack = new AtomicBoolean();
        BooleanSupplier meanwhile = () -> {
            givenBack.set(self.get().waitsFor(Duration.ZERO) && self.get().giveBack());
            return true;
        };
        self.set(delivery(0, meanwhile));

        self.get().run();

        assertThat(givenBack).isTrue();
        assertThat(handled).hasValue(0);
        assertThat(settled).containsExactly(new Settlement.Again("1-1"));
        assertThat(isolation.alone(env)).as("its place was left").isNotNull();
    }

    @Test
    void afterItsSessionWasLostItIsGivenBackUnhandled() {
        inFlight.lose();

        delivery().run();

        assertThat(handled).hasValue(0);
        assertThat(settled).containsExactly(new Settlement.Again("1-1"));
    }

    @Test
    void whatWasRecoveredTwiceDoesNotBeginBesideOthers() {
        Isolation.Place other = isolation.beside();

        delivery(1).run();
        assertThat(handled).hasValue(1);

        delivery(2).run();
        assertThat(handled).hasValue(1);
        assertThat(settled).last().isEqualTo(new Settlement.Again("1-1", 5_000));

        other.leave();
        delivery(2).run();
        assertThat(handled).hasValue(2);
    }

    @Test
    void whatComesWhileAnotherRunsAloneIsGivenBackUnhandled() {
        Isolation.Place hermit = isolation.alone(env);

        delivery().run();

        assertThat(handled).hasValue(0);
        assertThat(settled).containsExactly(new Settlement.Again("1-1"));
        hermit.leave();
    }

    /** What happens while a delivery waits to be alone. */
    enum Meanwhile {
        ITS_SESSION_IS_LOST,
        THE_LISTENER_CLOSES
    }

    @ParameterizedTest
    @EnumSource
    void whatMayNotBeginAnyMoreWhenItIsAloneAtLastIsGivenBackUnhandled(Meanwhile meanwhile) throws Exception {
        Isolation.Place other = isolation.beside();
        Gates gates = new Gates(() -> {});
        isolation.add(gates);
        CompletableFuture<Void> over = CompletableFuture.runAsync(delivery(2), Thread::startVirtualThread);
        Awaitility.await().until(() -> gates.open(List.of(Address.of("mail"))).isEmpty());

        switch (meanwhile) {
            case ITS_SESSION_IS_LOST -> inFlight.lose();
            case THE_LISTENER_CLOSES -> open.set(false);
        }
        other.leave();
        over.get(30, TimeUnit.SECONDS);

        assertThat(handled).hasValue(0);
        assertThat(settled).containsExactly(new Settlement.Again("1-1"));
    }

    @Test
    void whatIsGivenBackBeforeItBeginsNeverBegins() {
        Delivery delivery = delivery();

        assertThat(delivery.giveBack()).isTrue();
        delivery.run();

        assertThat(handled).hasValue(0);
        assertThat(settled).containsExactly(new Settlement.Again("1-1"));
        assertThat(slots.free).containsExactly(delivery);
        assertThat(delivery.giveBack()).as("again").isFalse();
    }

    @Test
    void whatHasBegunIsNotGivenBack() {
        Delivery delivery = delivery();
        delivery.run();

        assertThat(delivery.giveBack()).isFalse();

        assertThat(settled).containsExactly(new Settlement.Done("1-1", false));
    }

    @Test
    void whatWaitsToRunAloneWhenItsSessionEndsIsGivenBack() throws Exception {
        Isolation.Place other = Objects.requireNonNull(isolation.beside());
        Delivery waiting = delivery(Isolation.AFTER_RECOVERIES);
        Thread thread = Thread.ofPlatform().start(waiting);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::someoneIsOrWaitsToBeAlone);

        waiting.abandon();
        open.set(false);
        other.leave();
        thread.join();

        assertThat(settled)
                .singleElement()
                .isInstanceOfSatisfying(
                        Settlement.Again.class,
                        again -> assertThat(again.failure())
                                .as("no attempt is burnt")
                                .isNull());
        assertThat(handled).hasValue(0);
    }

    private boolean someoneIsOrWaitsToBeAlone() {
        Isolation.Place place = isolation.beside();
        if (place != null) {
            place.leave();
        }
        return place == null;
    }

    @Test
    void whatItsSessionEndsBeforeItEntersItsHandlerIsGivenBack() {
        AtomicReference<Delivery> own = new AtomicReference<>();
        AtomicInteger asked = new AtomicInteger();
        own.set(delivery(0, () -> {
            if (asked.incrementAndGet() == 2) { // the last time before it enters
                own.get().abandon();
            }
            return true;
        }));

        own.get().run();

        assertThat(settled).containsExactly(new Settlement.Again("1-1"));
        assertThat(handled).hasValue(0);
    }
}
