package dev.hark.bench.peers;

import java.time.Duration;

/** A library used as its documentation recommends. Every method returns when all of it is done, in Redis too. */
interface Peer extends AutoCloseable {

    /** Publishes the orders 0 to {@code messages - 1} in bulk, and says how long it took. */
    Duration publish(int messages) throws Exception;

    /**
     * Handles what waits, with a handler that does nothing, until all of it is settled.
     *
     * @return how long it took, without what it takes to stop the consumers
     */
    Duration drain(int messages) throws Exception;

    /** Removes every key of this peer. */
    void clear() throws Exception;

    @Override
    void close();
}
