package dev.hark.simulation;

import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ChannelStore.Heard;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A node's subscription: the server pushes into it what the store's own one hears. */
final class Ear implements ChannelSource<Address> {

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    private final Node node;
    private final ChannelSource<Address> source;
    private final Queue<Heard<Address>> inbox = new ArrayDeque<>();
    private final Semaphore signals = new Semaphore(0);
    private boolean over;

    Ear(Node node, ChannelSource<Address> source) {
        this.node = node;
        this.source = source;
    }

    Node node() {
        return node;
    }

    /** Takes what the store has said since, if it is still connected. */
    boolean listens() {
        for (Heard<Address> heard = over ? null : source.next(); heard != null; heard = source.next()) {
            inbox.add(heard);
            signals.release();
        }
        return !over;
    }

    void breaks() {
        if (!over) {
            over = true;
            source.close();
            signals.release();
        }
    }

    @Override
    public @Nullable Heard<Address> next() {
        try {
            boolean signalled = over || node.acquire(signals, 1, SIGN_OF_LIFE.toNanos());
            if (over) {
                throw new StoreException(Kind.NOT_NOW, "the subscription is over", null);
            }
            return signalled ? inbox.remove() : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        breaks();
    }
}
