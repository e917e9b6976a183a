package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.ListenStore.Content;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import dev.hark.internal.engine.listen.Gates.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimerTest {

    private static final Duration WAIT = Duration.ofMillis(1);

    private final TestEnv env = new TestEnv();
    private final Gates gates = new Gates(() -> {});
    private final List<Claimed> dispatched = new ArrayList<>();
    private final AtomicInteger failed = new AtomicInteger();

    private Claimer claimer(Env env, Source source, Semaphore permits, boolean direct, String... queues) {
        return claimer(env, of -> source, permits, direct, queues);
    }

    private Claimer claimer(
            Env env,
            Function<List<Address>, ClaimSource> sources,
            Semaphore permits,
            boolean direct,
            String... queues) {
        List<Address> all = Arrays.stream(queues).map(Address::of).toList();
        Sessions sessions =
                new Sessions(all, Duration.ofSeconds(30), gates, new StubStore(), env, (queue, due) -> {}, queue -> 10);
        return new Claimer(
                all,
                sources,
                permits,
                direct,
                sessions,
                gates,
                (one, inFlight) -> dispatched.add(one),
                failed::incrementAndGet,
                env);
    }

    /** Of a wait that is ended right before it begins, as with CLIENT UNBLOCK, nothing is remembered. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWaitThatBeginsAsItIsEndedIsEndedAgain(boolean direct) {
        AtomicInteger wakes = new AtomicInteger();
        Semaphore second = new Semaphore(0);
        CountDownLatch waiting = new CountDownLatch(1);
        Source source = new Source() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                await(wait);
                return List.of();
            }

            @Override
            public boolean await(Duration wait) {
                waiting.countDown();
                second.acquireUninterruptibly();
                return false;
            }

            @Override
            public void wake() {
                if (wakes.incrementAndGet() > 1) {
                    second.release();
                }
            }
        };
        Claimer claimer = claimer(env.running(), source, new Semaphore(1), direct, "mail");
        claimer.start();
        Awaitility.await().until(() -> waiting.getCount() == 0);

        claimer.stop();
        claimer.join(Duration.ofSeconds(10));

        assertThat(claimer.ended()).isEqualTo(claimer.begun());
        assertThat(source.closed).isTrue();
    }

    @Test
    void queuesWhoseGateIsClosedAreNotClaimed() throws Exception {
        List<List<Address>> claimed = new ArrayList<>();
        List<List<Address>> left = new ArrayList<>();
        Function<List<Address>, ClaimSource> sources = of -> new Source() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                claimed.add(of);
                return List.of();
            }

            @Override
            public void close() {
                left.add(of);
            }
        };
        Claimer claimer = claimer(env.stepped(Runnable::run), sources, new Semaphore(1), false, "mail", "news");

        assertThat(claimer.step(WAIT)).isZero();
        gates.close(Address.of("mail"), Reason.NEWER_LAYOUT);
        assertThat(claimer.step(WAIT)).isZero();
        gates.close(Address.of("news"), Reason.UNSETTLED);
        assertThat(claimer.step(WAIT)).as("nothing to claim").isEqualTo(WAIT);
        assertThat(claimer.resting()).isTrue();
        gates.open(Address.of("mail"), Reason.NEWER_LAYOUT);
        gates.open(Address.of("news"), Reason.UNSETTLED);
        assertThat(claimer.step(WAIT)).isZero();

        assertThat(claimed)
                .containsExactly(
                        List.of(Address.of("mail"), Address.of("news")),
                        List.of(Address.of("news")),
                        List.of(Address.of("mail"), Address.of("news")));
        assertThat(left).containsExactly(List.of(Address.of("mail"), Address.of("news")), List.of(Address.of("news")));
    }

    @Test
    void whatIsDispatchedHasItsSlotWhateverComesOfTheOthers() throws Exception {
        Semaphore permits = new Semaphore(8);
        AtomicInteger claims = new AtomicInteger();
        Source source = new Source() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                Claimed known = new Claimed(Address.of("mail"), session, "1-1", new Content.Illegible("whatever"), 0);
                Claimed strange = new Claimed(Address.of("news"), session, "1-2", new Content.Illegible("whatever"), 0);
                return claims.incrementAndGet() == 1 ? List.of(known) : List.of(known, strange);
            }
        };
        Claimer claimer = claimer(env.stepped(Runnable::run), source, permits, true, "mail");

        claimer.step(WAIT);
        assertThatThrownBy(() -> claimer.step(WAIT)).isInstanceOf(IllegalArgumentException.class);

        assertThat(dispatched).hasSize(2);
        assertThat(permits.availablePermits()).isEqualTo(6);
    }

    @Test
    void whereThereIsNoMemoryForAnotherSourceTheOneThatThereIsStaysOpen() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Source first = new Source();
        Function<List<Address>, ClaimSource> sources = of -> {
            if (made.incrementAndGet() == 2) {
                throw new OutOfMemoryError("full");
            }
            return first;
        };
        Claimer claimer = claimer(env.stepped(Runnable::run), sources, new Semaphore(1), false, "mail", "news");
        gates.close(Address.of("mail"), Reason.UNSETTLED);

        assertThatThrownBy(() -> claimer.step(WAIT)).isInstanceOf(OutOfMemoryError.class);

        assertThat(first.closed).isFalse();
    }

    @Test
    void claimingDoesNotOutliveTheLease() throws Exception {
        List<List<Address>> claimed = new ArrayList<>();
        Env stepped = env.stepped(Runnable::run);
        List<Address> queues = List.of(Address.of("mail"), Address.of("news"));
        Sessions sessions = new Sessions(
                queues, Duration.ofSeconds(30), gates, new StubStore(), stepped, (queue, due) -> {}, queue -> 10);
        Function<List<Address>, ClaimSource> sources = of -> new Source() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                claimed.add(of);
                return List.of();
            }
        };
        Claimer claimer = new Claimer(
                queues, sources, new Semaphore(1), false, sessions, gates, (one, inFlight) -> {}, () -> {}, stepped);

        env.pass(Duration.ofSeconds(29));
        claimer.step(WAIT);
        sessions.current().inFlight(Address.of("news")).leased(stepped.nanos().getAsLong()); // a heartbeat
        env.pass(Duration.ofSeconds(1));
        claimer.step(WAIT);
        env.pass(Duration.ofSeconds(29));
        assertThat(claimer.step(WAIT)).as("nothing to claim").isEqualTo(WAIT);
        assertThat(claimer.resting()).isTrue();
        sessions.current().inFlight(Address.of("mail")).leased(stepped.nanos().getAsLong());
        claimer.step(WAIT);

        assertThat(claimed).containsExactly(queues, List.of(Address.of("news")), List.of(Address.of("mail")));
    }

    /** A script may find out before the next sweep does. */
    @Test
    void aNewerLayoutWakesTheSweepAndIsNotSaidTwice() throws Exception {
        Semaphore permits = new Semaphore(2);
        Source source = new Source() {
            @Override
            public List<Claimed> claim(String session, int max, Duration wait) {
                throw new StoreException(StoreException.Kind.NEWER_LAYOUT, "layout 2", null);
            }
        };
        Claimer claimer = claimer(env.stepped(Runnable::run), source, permits, true, "mail");

        assertThat(claimer.step(WAIT)).as("it does not spin").isPositive();

        assertThat(failed).hasValue(1);
        assertThat(permits.availablePermits()).isEqualTo(2);
    }

    @Test
    void whoSharesHisSlotsHoldsNoneWhileHeWaitsAndClaimsNothing() throws Exception {
        Semaphore permits = new Semaphore(3, true);
        List<Integer> freeWhileWaiting = new ArrayList<>();
        Source source = new Source() {
            @Override
            public boolean await(Duration wait) {
                freeWhileWaiting.add(permits.availablePermits());
                return false;
            }
        };
        Claimer claimer = claimer(env.stepped(Runnable::run), source, permits, false, "mail", "news");

        claimer.step(WAIT);
        claimer.step(WAIT);

        assertThat(freeWhileWaiting).containsExactly(3, 3);
        assertThat(source.asked)
                .as("each round also looks, for a wait may miss something")
                .containsExactly(1, 1);
        assertThat(permits.availablePermits()).isEqualTo(3);
    }

    @Test
    void whoHasNoFreeSlotDoesNotWaitAtAll() throws Exception {
        Semaphore permits = new Semaphore(0, true);
        Source source = new Source();
        Claimer claimer = claimer(env.stepped(Runnable::run), source, permits, false, "mail", "news");

        claimer.step(WAIT);

        assertThat(source.waits).isZero();
        assertThat(claimer.resting()).isTrue();
    }

    @Test
    void whoIsToldWhenTheLastSlotIsGonePassesItOn() throws Exception {
        Semaphore permits = new Semaphore(1, true);
        Source source = new Source() {
            @Override
            public boolean await(Duration wait) {
                super.await(wait);
                assertThat(permits.tryAcquire()).isTrue(); // as another claimer does meanwhile
                return true;
            }
        };
        Claimer claimer = claimer(env.stepped(Runnable::run), source, permits, false, "mail", "news");

        claimer.step(WAIT);
        assertThat(source.passedOn).isEqualTo(1);
        assertThat(source.asked).isEmpty();

        permits.release();
        claimer.step(WAIT);
        assertThat(source.waits).as("it knows that there was something").isEqualTo(1);
        assertThat(source.asked).containsExactly(1);
    }

    @Test
    void whoIsToldWhenHisGateIsClosedPassesItOn() throws Exception {
        Source source = new Source() {
            @Override
            public boolean await(Duration wait) {
                gates.closeAll(Reason.ISOLATION);
                return true;
            }
        };
        Claimer claimer = claimer(env.stepped(Runnable::run), source, new Semaphore(1, true), false, "mail", "news");

        claimer.step(WAIT);

        assertThat(source.passedOn).isEqualTo(1);
        assertThat(source.asked).isEmpty();
    }

    private static class Source implements ClaimSource {

        final List<Integer> asked = new ArrayList<>();
        int waits;
        int passedOn;
        volatile boolean closed;

        @Override
        public List<Claimed> claim(String session, int max, Duration wait) {
            asked.add(max);
            return List.of();
        }

        @Override
        public boolean await(Duration wait) {
            waits++;
            return false;
        }

        @Override
        public void passOn() {
            passedOn++;
        }

        @Override
        public void wake() {}

        @Override
        public void close() {
            closed = true;
        }
    }
}
