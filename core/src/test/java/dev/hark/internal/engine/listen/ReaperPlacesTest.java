package dev.hark.internal.engine.listen;

import static dev.hark.internal.engine.listen.ReaperTest.LEASE;
import static dev.hark.internal.engine.listen.ReaperTest.NO_CLAIMS;
import static dev.hark.internal.engine.listen.ReaperTest.SWEEP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Answer;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Queues of several servers are swept together, server by server. */
class ReaperPlacesTest {

    private final TestEnv env = new TestEnv();
    private final Env stepped = env.stepped(Runnable::run);
    private final Gates gates = new Gates(() -> {});
    private final List<String> taken = new ArrayList<>();

    /** Whose queues live in places named by what comes before the hyphen; "down" is one that hangs. */
    private final class Places extends StubStore {

        private final List<String> exchanges = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private int held;

        @Override
        public String node(Address queue) {
            return queue.name().split("-", 2)[0];
        }

        @Override
        public List<Answer<Sweep>> sweep(List<Beat> beats, Duration lease) {
            exchanges.add(beats.size() + " " + node(beats.get(0).queue()));
            return super.sweep(beats, lease);
        }

        @Override
        public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
            switch (node(queue)) {
                case "down" -> throw new StoreException(StoreException.Kind.UNKNOWN, "down", null);
                case "broken" -> throw new StoreException(StoreException.Kind.WRONG_TYPE, "broken", null);
                default -> {}
            }
            int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
            int to = Math.min(held, from + 100);
            return new Sweep(
                    true,
                    List.copyOf(lost.subList(0, Math.min(lost.size(), MOST_LAPSED))),
                    IntStream.range(from, to).mapToObj(i -> "entry-" + i).toList(),
                    to < held ? String.valueOf(to) : "",
                    NextDue.NONE,
                    false);
        }

        @Override
        public Takeover takeOver(Address queue, String session, TakeoverMode mode) {
            assertThat(lost.remove(session)).isTrue();
            taken.add(session);
            return new Takeover(0, false);
        }

        @Override
        public SettleReply settle(SettleBatch batch) {
            batch.settlements().forEach(one -> taken.add(one.entry()));
            return new SettleReply(0, List.of(), false, NextDue.NONE);
        }

        private Reaper reaper(String... queues) {
            Sessions of = new Sessions(
                    java.util.Arrays.stream(queues).map(Address::of).toList(),
                    LEASE,
                    gates,
                    this,
                    stepped,
                    (queue, due) -> {},
                    queue -> 10);
            Promoter promoter = new Promoter(this, stepped);
            return new Reaper(List.of(new Reaper.Charge(of, NO_CLAIMS, gates)), promoter, LEASE, this, stepped);
        }
    }

    private static String[] queues(String place, int count) {
        return IntStream.range(0, count).mapToObj(i -> place + "-" + i).toArray(String[]::new);
    }

    @Test
    void theHeartbeatsOfAPlaceGoTogether() {
        Places places = new Places();

        places.reaper(queues("a", 250)).step();

        assertThat(places.exchanges).containsExactly("100 a", "100 a", "50 a");
    }

    @Test
    void aPlaceThatHangsIsAskedOnceAndHoldsUpNobodyElse() {
        Places places = new Places();
        String[] both = Stream.of(queues("down", 250), queues("b", 1))
                .flatMap(Stream::of)
                .toArray(String[]::new);

        assertThatThrownBy(places.reaper(both)::step).hasMessage("down");

        assertThat(places.exchanges).containsExactly("100 down", "1 b");
    }

    @Test
    void aBrokenQueueAloneIsTriedAgainBeforeTheNextRound() {
        Places places = new Places();
        Reaper both = places.reaper("broken-1", "mail-1");
        assertThatThrownBy(both::step).hasMessage("broken");

        assertThatThrownBy(both::step).hasMessage("broken");
        assertThat(places.exchanges).containsExactly("1 broken", "1 mail", "1 broken");

        env.pass(SWEEP);
        assertThatThrownBy(both::step).hasMessage("broken");
        assertThat(places.exchanges).endsWith("1 broken", "1 mail");
    }

    @Test
    void moreLapsedSessionsThanASweepNamesAreTakenOverAtOnce() {
        Places places = new Places();
        Reaper one = places.reaper("mail");
        for (int i = 0; i < 5; i++) {
            env.pass(SWEEP);
            one.step();
        }
        IntStream.range(0, 1_000).forEach(i -> places.lost.add("lost" + i));

        env.pass(SWEEP);
        one.step();

        assertThat(taken).hasSize(1_000);
    }

    @Test
    void aLostClaimReplyBesideManySlowHandlersIsFoundWithTwoRounds() {
        Places places = new Places();
        Reaper one = places.reaper("mail");
        places.held = 2_000; // nothing of it is known here

        one.step();
        env.pass(SWEEP);
        one.step();

        assertThat(taken).hasSize(2_000);
    }
}
