package dev.hark.internal.engine.listen;

import dev.hark.internal.engine.Address;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** One identity under which a listener claims: its id is never used again once it was lost. */
final class Session {

    private final String id;
    private final Map<Address, InFlight> inFlights = new LinkedHashMap<>();
    private final AtomicInteger claims = new AtomicInteger(); // under way

    Session(String id, Collection<Address> queues, Function<Address, InFlight> inFlight) {
        this.id = id;
        queues.forEach(queue -> inFlights.put(queue, inFlight.apply(queue)));
    }

    String id() {
        return id;
    }

    Collection<InFlight> inFlights() {
        return inFlights.values();
    }

    InFlight inFlight(Address queue) {
        InFlight inFlight = inFlights.get(queue);
        if (inFlight == null) {
            throw new IllegalArgumentException("session " + id + " has nothing to do with queue " + queue.name());
        }
        return inFlight;
    }

    void claimBegins() {
        claims.incrementAndGet();
    }

    void claimEnds() {
        claims.decrementAndGet();
    }

    /** Whether it holds nothing, and no claim is under way that may change that. */
    boolean idle() {
        return claims.get() == 0 && inFlights.values().stream().allMatch(InFlight::idle);
    }
}
