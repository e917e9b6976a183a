package dev.hark.simulation;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ListenStore.ClaimSource;
import dev.hark.internal.engine.ListenStore.Claimed;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The store at its place: takes one request after the other, and lets those wait who claim from an empty queue. */
final class Server {

    private static final Duration AFTER_A_STALL = Duration.ofMillis(5);

    /**
     * Somebody who waits.
     *
     * @param attempt answers if there is something now, and says whether it did
     * @param giveUp answers that there was nothing
     */
    private record Blocked(Node node, ClaimSource source, BooleanSupplier attempt, Runnable giveUp) {}

    private final World world;
    private final Store store;
    private final History history;
    private final List<Blocked> blocked = new ArrayList<>();
    private final List<Ear> ears = new ArrayList<>();
    private long stalledUntil;

    Server(World world, Store store, History history) {
        this.world = world;
        this.store = store;
        this.history = history;
    }

    Store store() {
        return store;
    }

    History history() {
        return history;
    }

    /** Takes a request as soon as it does not stall. */
    void receive(Runnable request) {
        if (world.now() < stalledUntil) {
            long later = stalledUntil - world.now() + world.between(Duration.ZERO, AFTER_A_STALL);
            world.in(later, () -> receive(request));
            return;
        }
        request.run();
        for (Blocked one : List.copyOf(blocked)) {
            if (one.attempt.getAsBoolean()) {
                blocked.remove(one);
            }
        }
        ears.removeIf(ear -> !ear.listens());
    }

    <R> void receive(Supplier<R> transition, Reply<R> reply) {
        receive(() -> {
            R result;
            try {
                result = transition.get();
            } catch (StoreException e) {
                reply.fails(e);
                return;
            }
            reply.gives(result);
        });
    }

    // ---- claims

    void claim(Node node, ClaimSource source, String session, int max, Duration wait, Reply<List<Claimed>> reply) {
        block(
                new Blocked(
                        node, source, () -> served(node, source, session, max, reply), () -> reply.gives(List.of())),
                wait);
    }

    /** Of each message all are told who wait. */
    void await(Node node, ClaimSource source, Duration wait, Reply<Boolean> reply) {
        block(new Blocked(node, source, () -> told(source, reply), () -> reply.gives(false)), wait);
    }

    private void block(Blocked one, Duration wait) {
        receive(() -> {
            if (!one.attempt.getAsBoolean()) {
                blocked.add(one);
                world.in(wait.toNanos(), () -> giveUp(one));
            }
        });
    }

    private boolean served(Node node, ClaimSource source, String session, int max, Reply<List<Claimed>> reply) {
        List<Claimed> claimed;
        try {
            claimed = source.claim(session, max, Duration.ZERO);
        } catch (StoreException e) {
            reply.fails(e);
            return true;
        }
        if (claimed.isEmpty()) {
            return false;
        }
        world.tell(
                node,
                "claims",
                () -> session + " " + claimed.stream().map(Claimed::entry).toList());
        history.claimed(claimed);
        reply.gives(claimed);
        return true;
    }

    private static boolean told(ClaimSource source, Reply<Boolean> reply) {
        try {
            boolean there = source.await(Duration.ZERO);
            if (there) {
                reply.gives(true);
            }
            return there;
        } catch (StoreException e) {
            reply.fails(e);
            return true;
        }
    }

    private void giveUp(Blocked one) {
        if (blocked.remove(one)) {
            one.giveUp.run();
        }
    }

    /** Ends the waits of a source. */
    void wake(ClaimSource source) {
        receive(() -> List.copyOf(blocked).stream()
                .filter(one -> one.source.equals(source))
                .forEach(this::giveUp));
    }

    /** The connections of a node broke: whom it claimed for is forgotten, unless the server does not notice. */
    void disconnect(Node node) {
        if (world.chance(0.5)) {
            List.copyOf(blocked).stream().filter(one -> one.node.equals(node)).forEach(this::giveUp);
        }
        ears.stream().filter(ear -> ear.node().equals(node)).forEach(Ear::breaks);
    }

    // ---- hints

    Ear listen(Node node, List<Address> queues) {
        Ear ear = new Ear(node, store.hints(queues));
        ears.add(ear);
        return ear;
    }

    // ---- what befalls it

    void stall(Duration time) {
        stalledUntil = Math.max(stalledUntil, world.now() + time.toNanos());
    }
}
