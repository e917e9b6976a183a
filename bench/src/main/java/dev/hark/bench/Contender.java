package dev.hark.bench;

import java.util.Set;
import java.util.function.LongConsumer;

/** One way to move messages through Redis. Every method returns when all of it is done, in Redis too. */
interface Contender extends AutoCloseable {

    /** Publishes one after the other, waiting for each. */
    void publishSingle(int messages);

    /** Publishes from 16 threads, each waiting for each of its own. */
    void publishThreads(int messages) throws InterruptedException;

    /** Publishes many without waiting for each. */
    void publishBulk(int messages);

    /** Handles what waits, with a handler that does nothing, until all of it is settled. */
    void drain(int messages) throws InterruptedException;

    /** Publishes in bulk while handling. */
    void both(int messages) throws InterruptedException;

    /** Starts handling; the handler gets the id of each order. */
    AutoCloseable listen(LongConsumer handler);

    /** Publishes one order with this id and waits for it. */
    void publish(long id);

    /** Listens on this many queues that stay empty. */
    AutoCloseable idle(int queues);

    /** Which commands in Redis's statistics were sent by a client, and not called by a script. */
    Set<String> sentCommands();

    /** Removes every key. */
    void clear();

    @Override
    void close();
}
