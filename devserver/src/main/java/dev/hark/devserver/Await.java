package dev.hark.devserver;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Waits for what servers come to by themselves, and says what it waited for when they do not. */
final class Await {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private Await() {}

    /**
     * @param condition asked again and again; while it fails with a {@link DevServerException} it does not hold
     * @throws DevServerException with the last lines of the servers, if it does not hold within a minute
     */
    static void until(String what, Collection<DevServer> servers, BooleanSupplier condition) {
        until(LIMIT, what, servers, condition);
    }

    static void until(Duration limit, String what, Collection<DevServer> servers, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            @Nullable DevServerException failure = null;
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (DevServerException notYet) {
                failure = notYet;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new DevServerException(
                        "Waited " + limit.toSeconds() + " s in vain for " + what + lines(servers), failure);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new DevServerException("Interrupted while waiting for " + what, failure);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static String lines(Collection<DevServer> servers) {
        return servers.stream()
                .map(server -> "\nThe last lines of " + server + ":\n" + server.logTail())
                .collect(Collectors.joining());
    }
}
