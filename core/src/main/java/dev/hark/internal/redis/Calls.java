package dev.hark.internal.redis;

import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Short calls: each on a connection to the server that holds the key it is about. */
final class Calls implements AutoCloseable {

    private final Connections connections;
    private final ReentrantLock leaseLock = new ReentrantLock();
    private @Nullable Link leaseLink; // guarded by leaseLock
    private boolean closed; // guarded by leaseLock

    Calls(Connections connections) {
        this.connections = connections;
    }

    /** Runs a script over a pooled connection. */
    Object run(Script script, List<String> keys, List<?> args) {
        return on(keys.get(0), link -> link.run(script, keys, args));
    }

    /** Sends a command over a pooled connection; a failure names the key. */
    @Nullable
    Object call(String key, Command command, Object... args) {
        try {
            return on(key, link -> link.call(command, args));
        } catch (StoreException e) { // a plain command's error does not say which key it is about
            throw e.kind() == Kind.WRONG_TYPE
                    ? new StoreException(e.kind(), "key " + key + ": " + e.getMessage(), e)
                    : e;
        }
    }

    /** Does something over one pooled connection. */
    <R extends @Nullable Object> R on(String key, Function<Link, R> work) {
        try (Link link = connections.borrow()) {
            return work.apply(link);
        } catch (StoreException e) {
            if (e.kind() == Kind.UNKNOWN) {
                connections.forgetIdle();
            }
            throw e;
        }
    }

    /** Runs a script over the connection that leases have to themselves, so that nothing else makes a heartbeat late. */
    Object runForLease(Script script, List<String> keys, List<?> args) {
        leaseLock.lock();
        try {
            if (closed) {
                throw new StoreException(Kind.NOT_NOW, "the connection for leases was closed", null);
            }
            Link link = leaseLink;
            if (link == null) {
                leaseLink = link = connections.open();
            }
            try {
                return link.run(script, keys, args);
            } finally {
                if (link.broken()) {
                    link.close();
                    leaseLink = null;
                }
            }
        } finally {
            leaseLock.unlock();
        }
    }

    @Override
    public void close() {
        leaseLock.lock();
        try {
            closed = true;
            if (leaseLink != null) {
                leaseLink.close();
                leaseLink = null;
            }
        } finally {
            leaseLock.unlock();
        }
    }
}
