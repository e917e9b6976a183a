package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.error.NewerLayoutException;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may take over what others held, and when. */
class ReaperTest {

    static final Duration LEASE = Duration.ofSeconds(9);
    static final Duration SWEEP = LEASE.dividedBy(3);

    private final TestEnv env = new TestEnv();
    private final List<String> taken = new ArrayList<>();
    private List<String> lapsed = List.of();
    private boolean alive = true;
    private int opened;
    private boolean groupMissing;
    private Duration answersIn = Duration.ZERO;
    private boolean down;
    private String newerLayout;

    private final Store store = new StubStore() {
        @Override
        public Opened open(Address queue, String session, Duration lease) {
            opened++;
            return new Opened(false, 0);
        }

        @Override
        public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
            env.pass(answersIn);
            if (down) {
                throw new StoreException(StoreException.Kind.UNKNOWN, "down", null);
            }
            return new Sweep(alive, lapsed, List.of(), "", NextDue.NONE, groupMissing, newerLayout);
        }

        @Override
        public Takeover takeOver(Address queue, String session, TakeoverMode mode) {
            taken.add(session);
            lapsed = List.of();
            return new Takeover(2, false);
        }
    };

    static final Reaper.Claims NO_CLAIMS = new Reaper.Claims() {
        @Override
        public long begun() {
            return 0;
        }

        @Override
        public long ended() {
            return 0;
        }
    };

    private final Env stepped = env.stepped(Runnable::run);
    private final Gates gates = new Gates(() -> {});
    private final Sessions sessions =
            new Sessions(List.of(Address.of("mail")), LEASE, gates, store, stepped, (queue, due) -> {}, queue -> 10);
    private final Reaper.Charge charge = new Reaper.Charge(sessions, NO_CLAIMS, gates);
    private final Reaper reaper = new Reaper(List.of(charge), new Promoter(store, stepped), LEASE, store, stepped);

    private void sweeps(int times) {
        for (int i = 0; i < times; i++) {
            env.pass(SWEEP);
            reaper.step();
        }
    }

    @Test
    void afterAWholeLeaseOfGoodHeartbeatsItTakesOver() {
        sweeps(5);
        lapsed = List.of("other");

        sweeps(1);

        assertThat(taken).containsExactly("other");
        assertThat(env.events(Event.Recovered.class)).containsExactly(new Event.Recovered("mail", "other", 2));
    }

    @Test
    void aSweepThatIsUnderWayAtTheEndOpensNoNewSession() {
        reaper.stop(Duration.ZERO);
        alive = false; // since it has ended its own

        reaper.step();

        assertThat(opened).isZero();
    }

    @Test
    void beforeThatItDoesNot() {
        lapsed = List.of("other");

        sweeps(3);
        assertThat(taken).isEmpty();

        sweeps(1);
        assertThat(taken).containsExactly("other");
    }

    @Test
    void aLateHeartbeatMakesItWaitAgain() {
        sweeps(5);
        env.pass(LEASE);
        lapsed = List.of("other");

        sweeps(3);

        assertThat(taken).isEmpty();
    }

    @Test
    void anAnswerThatCameLateIsALateHeartbeatAtOnce() {
        sweeps(5);
        answersIn = LEASE; // Redis stood still, and everybody's lease ran out
        lapsed = List.of("other");

        sweeps(1);
        assertThat(taken).isEmpty();

        answersIn = Duration.ZERO;
        sweeps(2);
        assertThat(taken).isEmpty();
    }

    @Test
    void aFailedHeartbeatMakesItWaitAgainIfTheNextIsAnsweredLate() {
        sweeps(5);
        down = true;
        sweepsInVain(2);
        down = false;
        lapsed = List.of("other");

        sweeps(3);
        assertThat(taken).isEmpty();

        sweeps(1);
        assertThat(taken).containsExactly("other");
    }

    @Test
    void aFailedHeartbeatThatIsAnsweredSoonAfterCostsNothing() {
        for (int i = 0; i < 4; i++) { // a server that closes what idles for 2 s, say
            down = true;
            sweepsInVain(1);
            down = false;
            env.pass(Duration.ofMillis(20));
            reaper.step();
        }
        lapsed = List.of("other");

        sweeps(1);

        assertThat(taken).containsExactly("other");
    }

    private void sweepsInVain(int times) {
        for (int i = 0; i < times; i++) {
            env.pass(SWEEP);
            assertThatThrownBy(reaper::step).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void aBrokenQueueDoesNotCostTheLeasesInOthers() {
        List<String> swept = new ArrayList<>();
        Store partly = new StubStore() {
            @Override
            public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
                swept.add(queue.name());
                if (queue.equals(Address.of("broken"))) {
                    throw new StoreException(StoreException.Kind.WRONG_TYPE, "broken", null);
                }
                return new Sweep(true, List.of(), List.of(), "", NextDue.NONE, false);
            }
        };
        List<Address> queues = List.of(Address.of("broken"), Address.of("mail"));
        Sessions two =
                new Sessions(queues, LEASE, new Gates(() -> {}), partly, stepped, (queue, due) -> {}, queue -> 10);
        Reaper both = new Reaper(
                List.of(new Reaper.Charge(two, NO_CLAIMS, gates)),
                new Promoter(partly, stepped),
                LEASE,
                partly,
                stepped);

        assertThatThrownBy(both::step).hasMessage("broken");

        assertThat(swept).containsExactly("broken", "mail");
    }

    @Test
    void aSweepThatHadNoMemoryIsMadeUpForAtOnce() {
        List<String> swept = new ArrayList<>();
        Store full = new StubStore() {
            @Override
            public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
                swept.add(queue.name());
                if (swept.size() == 1) {
                    throw new OutOfMemoryError("full");
                }
                return new Sweep(true, List.of(), List.of(), "", NextDue.NONE, false, null);
            }
        };
        Reaper sweeping = new Reaper(List.of(charge), new Promoter(full, stepped), LEASE, full, stepped);

        assertThatThrownBy(sweeping::step).isInstanceOf(OutOfMemoryError.class);
        sweeping.step();
        sweeping.step();

        assertThat(swept).containsExactly("mail", "mail");
    }

    @Test
    void itNeverTakesOverItsOwn() {
        sweeps(5);
        lapsed = List.of(sessions.current().id());

        sweeps(1);

        assertThat(taken).isEmpty();
    }

    @Test
    void aSessionThatIsGoneHasASuccessor() {
        String before = sessions.current().id();
        InFlight held = sessions.current().inFlight(Address.of("mail"));
        alive = false;

        sweeps(1);

        assertThat(sessions.current().id()).isNotEqualTo(before);
        assertThat(held.lost()).as("what waits under it must not begin").isTrue();
        assertThat(env.events(Event.SessionLost.class))
                .containsExactly(
                        new Event.SessionLost("mail", before, sessions.current().id()));
        alive = true;
        sweeps(1);
        assertThat(taken).containsExactly(before); // it held nothing more, and ends
        assertThat(sessions.all()).containsExactly(sessions.current());
    }

    @Test
    void aGroupThatIsGoneIsMadeAgainUnderANewSession() {
        String before = sessions.current().id();
        groupMissing = true;

        sweeps(1);

        assertThat(sessions.current().id()).isNotEqualTo(before);
    }

    @Test
    void aQueueThatANewerProgramHasTakenOverIsLeftAndSaidOnce() {
        newerLayout = "layout 2";
        groupMissing = true; // is for others to see to

        sweeps(3);

        assertThat(gates.open(List.of(Address.of("mail")))).isEmpty();
        assertThat(opened).isZero();
        assertThat(env.events(Event.Trouble.class)).singleElement().satisfies(trouble -> {
            assertThat(trouble.what()).isEqualTo("queue mail");
            assertThat(trouble.cause())
                    .isInstanceOf(NewerLayoutException.class)
                    .hasMessageContainingAll("layout 2", "settled", "upgrade");
        });
        assertThat(charge.sinceSweep(stepped)).isZero();
    }

    @Test
    void onceThatIsUndoneItGoesOnAndWaitsAWholeLeaseBeforeItTakesOver() {
        sweeps(5);
        newerLayout = "layout 2";
        sweeps(1);
        newerLayout = null;
        lapsed = List.of("other");

        sweeps(3);
        assertThat(gates.open(List.of(Address.of("mail")))).containsExactly(Address.of("mail"));
        assertThat(taken).isEmpty();

        sweeps(1);
        assertThat(taken).containsExactly("other");
    }

    @Test
    void aSessionThatIsGoneInSuchAQueueHasNoSuccessorBefore() {
        InFlight held = sessions.current().inFlight(Address.of("mail"));
        newerLayout = "layout 2";
        alive = false;

        sweeps(2);
        assertThat(opened).isZero();
        assertThat(held.lost()).as("what waits under it must not begin").isTrue();

        newerLayout = null;
        sweeps(1);
        assertThat(opened).isEqualTo(1);
        assertThat(gates.open(List.of(Address.of("mail"))))
                .as("once its sweep has gone well")
                .isEmpty();
        alive = true;
        sweeps(1);
        assertThat(gates.open(List.of(Address.of("mail")))).containsExactly(Address.of("mail"));
    }

    @Test
    void theNextSweepComesWithinAThirdOfTheLease() {
        assertThat(reaper.step()).isBetween(SWEEP.multipliedBy(8).dividedBy(10), SWEEP);
    }
}
