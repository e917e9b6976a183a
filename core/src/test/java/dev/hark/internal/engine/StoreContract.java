package dev.hark.internal.engine;

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
}
