package dev.hark.internal.redis.wire;

import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to each server for leases alone. One that hangs holds up only those who need the same server. One that was
 * kept may have been closed meanwhile by a server that lets none idle: what is done here is harmless when repeated, and is
 * done again at once over another.
 */
final class LeaseLinks implements AutoCloseable {

    private static final class Place {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Link link; // guarded by lock
    }

    private final Connections connections;
    private final Map<Route, Place> places = new ConcurrentHashMap<>();
    private volatile boolean closed;

    LeaseLinks(Connections connections) {
        this.connections = connections;
    }

    <R extends @Nullable Object> R on(Route route, Function<Link, R> work) {
        Place place = places.computeIfAbsent(route, it -> new Place());
        place.lock.lock();
        try {
            if (closed) { // read with the lock held, so that closing finds what is made before
                throw new StoreException(Kind.NOT_NOW, "the connection for leases was closed", null);
            }
            Link kept = place.link;
            if (kept != null) {
                try {
                    return over(kept, place, work);
                } catch (StoreException e) {
                    if (!kept.broken() || RedisErrors.timedOut(e)) {
                        throw e;
                    }
                }
            }
            Link fresh = connections.open(route);
            place.link = fresh;
            return over(fresh, place, work);
        } finally {
            place.lock.unlock();
        }
    }

    private static <R extends @Nullable Object> R over(Link link, Place place, Function<Link, R> work) {
        try {
            return work.apply(link);
        } catch (StoreException e) {
            if (RedisErrors.maybeElsewhere(e)) { // a replica by now, perhaps
                drop(place);
            }
            throw e;
        } finally {
            if (link.broken()) {
                drop(place);
            }
        }
    }

    private static void drop(Place place) {
        if (place.link != null) {
            place.link.close();
            place.link = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Place place : places.values()) {
            place.lock.lock();
            try {
                drop(place);
            } finally {
                place.lock.unlock();
            }
        }
    }
}
