package dev.hark.bench.peers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts what is handled, on whatever threads. */
final class Tally {

    private static final long PATIENCE_MINUTES = 5;

    private final int messages;
    private final CountDownLatch left;

    Tally(int messages) {
        this.messages = messages;
        left = new CountDownLatch(messages);
    }

    void count() {
        left.countDown();
    }

    void await() throws InterruptedException {
        if (!left.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException(
                    left.getCount() + " of " + messages + " messages were not handled in time; the run ends here");
        }
    }
}
