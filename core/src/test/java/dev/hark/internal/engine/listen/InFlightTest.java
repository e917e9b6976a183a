package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the store says that a session holds, compared with what the session knows. */
class InFlightTest {

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

    private static List<Settlement> lost(String... entries) {
        List<Settlement> all = new ArrayList<>();
        for (String entry : entries) {
            all.add(new Settlement.Lost(entry, 3));
        }
        return all;
    }

    private void know(String entry) {
        Claimed claimed = new Claimed(Address.of("mail"), "me", entry, new Content.Illegible("whatever"), 0);
        inFlight.begin(claimed, new Delivery(claimed, null, inFlight, new Isolation(), () -> true, new NoSlots(), env));
    }

    @Test
    void whatIsUnknownTwiceIsHandedOver() {
        inFlight.compare(List.of("1-1"), "", 5, 5);
        assertThat(settled).isEmpty();

        inFlight.compare(List.of("1-1"), "", 6, 5);

        assertThat(settled).isEqualTo(lost("1-1"));
    }

    @Test
    void notWhileTheClaimThatMayHaveBroughtItIsUnderWay() {
        inFlight.compare(List.of("1-1"), "", 5, 4);
        inFlight.compare(List.of("1-1"), "", 5, 4);
        inFlight.compare(List.of("1-1"), "", 5, 4);
        assertThat(settled).isEmpty();

        inFlight.compare(List.of("1-1"), "", 6, 5);

        assertThat(settled).isEqualTo(lost("1-1"));
    }

    @Test
    void whatIsKnownIsKept() {
        know("1-1");

        inFlight.compare(List.of("1-1"), "", 5, 5);
        inFlight.compare(List.of("1-1"), "", 6, 6);

        assertThat(settled).isEmpty();
        assertThat(inFlight.idle()).isFalse();
    }

    @Test
    void whatBecomesKnownIsNoSuspectAnyMore() {
        inFlight.compare(List.of("1-1"), "", 5, 5);
        know("1-1");

        inFlight.compare(List.of("1-1"), "", 6, 6);

        assertThat(settled).isEmpty();
    }

    @Test
    void whatIsBeingHandedOverIsNotHandedOverAgain() {
        List<Runnable> toSend = new ArrayList<>();
        InFlight slow = new InFlight(
                Address.of("mail"), "me", 3, new Gates(() -> {}), store, new TestEnv().stepped(toSend::add), due -> {});
        for (int sweep = 1; sweep <= 4; sweep++) {
            slow.compare(List.of("1-1"), "", sweep, sweep);
        }

        while (!toSend.isEmpty()) {
            toSend.remove(0).run();
        }

        assertThat(settled).isEqualTo(lost("1-1"));
    }

    @Test
    void whatIsNoLongerHeldIsNoSuspectAnyMore() {
        inFlight.compare(List.of("1-1"), "", 5, 5);
        inFlight.compare(List.of(), "", 5, 5);

        inFlight.compare(List.of("1-1"), "", 6, 6); // for the first time again

        assertThat(settled).isEmpty();
    }

    @Test
    void pageForPageEachEntryIsSeenTwice() {
        inFlight.compare(List.of("1-1"), "1-1", 5, 5);
        assertThat(inFlight.cursor()).isEqualTo("1-1");
        inFlight.compare(List.of("2-1"), "", 5, 5);
        assertThat(inFlight.cursor()).isEmpty();
        assertThat(settled).isEmpty();

        inFlight.compare(List.of("1-1"), "1-1", 6, 6);
        inFlight.compare(List.of("2-1"), "", 6, 6);

        assertThat(settled).isEqualTo(lost("1-1", "2-1"));
    }

    @Test
    void whatIsSettledIsForgotten() {
        know("1-1");

        inFlight.settler().settle(new Settlement.Done("1-1", false), "id", 0);

        assertThat(inFlight.idle()).isTrue();
    }
}
