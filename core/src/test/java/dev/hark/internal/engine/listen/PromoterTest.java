package dev.hark.internal.engine.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.NextDue;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StubStore;
import dev.hark.internal.engine.TestEnv;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of what is due when a queue cannot be promoted. */
class PromoterTest {

    private final List<Address> promoted = new ArrayList<>();
    private StoreException.Kind failure = StoreException.Kind.WRONG_TYPE;

    private final Store store = new StubStore() {
        @Override
        public Promotion promote(Address queue) {
            promoted.add(queue);
            if (queue.name().startsWith("broken")) {
                throw new StoreException(failure, "broken", null);
            }
            return new Promotion(1, NextDue.NONE);
        }
    };

    private final List<Address> queues =
            List.of(Address.of("broken1"), Address.of("broken2"), Address.of("mail"), Address.of("reports"));
    private final Promoter promoter = new Promoter(store, new TestEnv().stepped(Runnable::run));

    @Test
    void aBrokenQueueDoesNotKeepWhatIsDueInOthers() {
        queues.forEach(queue -> promoter.dueIn(queue, new NextDue.In(0)));

        assertThatThrownBy(promoter::step).hasMessage("broken");
        assertThat(promoted).containsExactlyInAnyOrderElementsOf(queues);

        promoted.clear();
        assertThatThrownBy(promoter::step).as("tried again, and so told once").hasMessage("broken");
        assertThat(promoted).containsExactlyInAnyOrder(Address.of("broken1"), Address.of("broken2"));
    }

    @Test
    void aQueueThatANewerProgramHasTakenOverIsLeftToIt() {
        failure = StoreException.Kind.NEWER_LAYOUT;
        queues.forEach(queue -> promoter.dueIn(queue, new NextDue.In(0)));

        promoter.step();
        assertThat(promoted).containsExactlyInAnyOrderElementsOf(queues);

        promoted.clear();
        promoter.step();
        assertThat(promoted).isEmpty();
    }

    @Test
    void aLostConnectionIsNotTriedForEachQueue() {
        failure = StoreException.Kind.UNKNOWN;
        for (int i = 0; i < 1_000; i++) {
            promoter.dueIn(Address.of("broken" + i), new NextDue.In(0));
        }

        assertThatThrownBy(promoter::step).hasMessage("broken");

        assertThat(promoted).as("what is sent together").hasSize(20);
    }
}
