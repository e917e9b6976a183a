package dev.hark.internal.engine;

import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ChannelStore.Heard;
import java.time.Duration;

/** What the parts of the conformance suite see of the test that they run in. */
public interface StoreContract {

    /** Longer than any wait that a test ends by itself. */
    Duration LONG = Duration.ofSeconds(20);

    StoreRig rig();

    default Store store() {
        return rig().store();
    }

    /** The queue of this test, which nobody has used before. */
    QueueDriver queue();

    /** One more queue of this test. */
    QueueDriver queue(String suffix);

    /** The next message of a subscription; fails when there is none for long. */
    static <C> Heard<C> heard(ChannelSource<C> source) {
        for (int signsOfLife = 0; signsOfLife < 2; signsOfLife++) {
            Heard<C> heard = source.next();
            if (heard != null) {
                return heard;
            }
        }
        throw new AssertionError("nothing was heard");
    }
}
