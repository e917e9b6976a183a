package dev.hark.internal.engine.listen;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** One identity under which a listener claims: its id is never used again once it was lost. */
final class Session {

    private final String id;
    private final Map<String, Tenure> tenures = new LinkedHashMap<>();
    private final AtomicInteger claims = new AtomicInteger(); // under way

    Session(String id, Collection<String> queues, Function<String, Tenure> tenure) {
        this.id = id;
        queues.forEach(queue -> tenures.put(queue, tenure.apply(queue)));
    }

    String id() {
        return id;
    }

    Collection<Tenure> tenures() {
        return tenures.values();
    }

    Tenure tenure(String queue) {
        Tenure tenure = tenures.get(queue);
        if (tenure == null) {
            throw new IllegalArgumentException("session " + id + " has nothing to do with queue " + queue);
        }
        return tenure;
    }

    void claimBegins() {
        claims.incrementAndGet();
    }

    void claimEnds() {
        claims.decrementAndGet();
    }

    /** Whether it holds nothing, and no claim is under way that may change that. */
    boolean idle() {
        return claims.get() == 0 && tenures.values().stream().allMatch(Tenure::idle);
    }
}
