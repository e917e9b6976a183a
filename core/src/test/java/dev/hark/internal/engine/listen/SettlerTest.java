package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.SettleBatch;
import dev.hark.internal.engine.ListenStore.SettleReply;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many outcomes travel together: everybody else waits while Redis applies them. */
class SettlerTest {

    private static final int MIB = 1 << 20;

    private final List<Integer> batches = new ArrayList<>();
    private final List<Runnable> toSend = new ArrayList<>();
    private final Store store = new StubStore() {
        @Override
        public SettleReply settle(SettleBatch batch) {
            batches.add(batch.settlements().size());
            return new SettleReply(0, List.of(), false, NextDue.UNKNOWN);
        }
    };
    private boolean full;
    private final Gates gates = new Gates(this::opened);
    private final Settler settler = new Settler(
            Address.of("mail"), "me", gates, store, new TestEnv().stepped(toSend::add), due -> {}, settled -> {});

    private void opened() {
        if (full) {
            full = false;
            throw new OutOfMemoryError("full");
        }
    }

    private List<Integer> batchesOf(int count, int bytes, Settlement settlement) {
        IntStream.range(0, count).forEach(i -> settler.settle(settlement, "id", bytes));
        while (!toSend.isEmpty()) {
            toSend.remove(0).run();
        }
        return batches;
    }

    @Test
    void whatCouldNotBeAddedDoesNotCountAsWaiting() {
        Settlement unheard = new Settlement.Bury("1-1", null, true);
        for (int i = 0; i < 10_000; i++) {
            assertThatThrownBy(() -> settler.settle(unheard, "id", 100)).isInstanceOf(NullPointerException.class);
        }

        batchesOf(1, 100, new Settlement.Done("1-1", false, 100));

        assertThat(gates.open(List.of(Address.of("mail")))).containsExactly(Address.of("mail"));
    }

    @Test
    void whatIsToldTwiceForWantOfMemoryCountsOnce() {
        gates.close(Address.of("mail"), Gates.Reason.UNSETTLED);
        full = true;
        batchesOf(1_000, 100, new Settlement.Done("1-1", false, 100));

        IntStream.range(0, 10_000)
                .forEach(i -> settler.settle(new Settlement.Done("1-1", false, 100), "id", 100)); // nobody sends them

        assertThat(gates.open(List.of(Address.of("mail")))).isEmpty();
    }

    @Test
    void smallOnesThatAreDoneGoByTheThousand() {
        assertThat(batchesOf(2_000, 100, new Settlement.Done("1-1", false, 100)))
                .containsExactly(1_000, 1_000);
    }

    @Test
    void largeOnesThatAreDoneGoInFewer() {
        assertThat(batchesOf(500, 2_000, new Settlement.Done("1-1", false, 2_000)))
                .containsExactly(250, 250);
    }

    @Test
    void noMoreThanFiftyMebibytesAreFreedAtOnce() {
        assertThat(batchesOf(82, MIB, new Settlement.Done("1-1", false, MIB))).containsExactly(41, 41);
    }

    @Test
    void smallOnesThatMoveGoByTheHundred() {
        assertThat(batchesOf(250, 100, new Settlement.Again("1-1", 0, "boom"))).containsExactly(125, 125);
    }

    @Test
    void noMoreThanAMebibyteMovesAtOnce() {
        assertThat(batchesOf(9, MIB / 4, new Settlement.Again("1-1", 0, "boom")))
                .containsExactly(3, 3, 3);
    }

    @Test
    void oneThatIsLargerGoesAlone() {
        assertThat(batchesOf(3, 5 * MIB, new Settlement.Again("1-1"))).containsExactly(1, 1, 1);
    }

    @Test
    void whatNobodyHasSeenGoesAlone() {
        assertThat(batchesOf(3, Settler.UNKNOWN_BYTES, new Settlement.Lost("1-1", 3)))
                .containsExactly(1, 1, 1);
    }
}
