package dev.hark.internal.redis.wire;

import dev.hark.event.Event;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/** Connections to be lent: a pool for each server and purpose, made when it is first needed. */
final class Pools implements AutoCloseable {

    private record Place(HostAndPort node, Purpose purpose) {}

    private final Wire wire;
    private final Consumer<Event> events;
    private final Map<Place, Lender> lenders = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** All connections for this are in use, and none came back in time. */
    static final class Exhausted extends JedisException {

        private static final long serialVersionUID = 1L;

        Exhausted(Purpose purpose, Throwable cause) {
            super(
                    "all " + purpose.most() + " connections for " + purpose.words() + " have been in use for "
                            + purpose.patience().toSeconds() + " s",
                    cause);
        }
    }

    Pools(Wire wire, Consumer<Event> events) {
        this.wire = wire;
        this.events = events;
    }

    /**
     * Lends a connection; closing it gives it back.
     *
     * @param shown how the server is called in events
     */
    Connection borrow(HostAndPort node, Purpose purpose, String shown) {
        Lender lender = lenders.computeIfAbsent(new Place(node, purpose), it -> new Lender(it, shown));
        if (closed) {
            close(); // it may have been made just afterwards
            throw new JedisConnectionException("closed");
        }
        return lender.lend();
    }

    /** A connection to this server broke: its idle ones may be broken as well. */
    void broken(HostAndPort node) {
        lenders.forEach((place, lender) -> {
            if (place.node.equals(node)) {
                lender.pool.clear();
            }
        });
    }

    /** Lends none to this server any more, unless it is asked to. */
    void drop(HostAndPort node) {
        lenders.forEach((place, lender) -> {
            if (place.node.equals(node) && lenders.remove(place, lender)) {
                lender.pool.close();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        lenders.values().forEach(lender -> lender.pool.close());
    }

    /** Tells once that all are in use for longer than a moment, and again only after most were free. */
    private final class Lender {

        private final Purpose purpose;
        private final String shown;
        private final ConnectionPool pool;
        private final AtomicBoolean told = new AtomicBoolean();

        Lender(Place place, String shown) {
            purpose = place.purpose;
            this.shown = shown;
            pool = wire.pool(place.node, place.purpose.most());
        }

        Connection lend() {
            long steps = Math.max(1, purpose.patience().dividedBy(Wire.LENT_WITHIN));
            for (int step = 1; ; step++) {
                try {
                    Connection lent = pool.getResource();
                    if (pool.getNumActive() <= purpose.most() / 2) {
                        told.set(false);
                    }
                    return lent;
                } catch (JedisException e) {
                    if (!(e.getCause() instanceof NoSuchElementException)) {
                        throw e;
                    }
                    if (told.compareAndSet(false, true)) {
                        events.accept(new Event.PoolExhausted(shown, purpose.words(), purpose.most()));
                    }
                    if (step >= steps) {
                        throw new Exhausted(purpose, e);
                    }
                }
            }
        }
    }
}
