package dev.hark.devserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/**
 * Free ports on 127.0.0.1.
 *
 * <p>They come from below the range that operating systems take outgoing ports from. A client that keeps dialling a
 * server which is down would otherwise, once in some ten thousand attempts, be given the very port it dials, connect to
 * itself and hold the port when the server comes back. There is room above for a cluster's bus too (port + 10000).
 */
final class Ports {

    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 21_999;
    private static final int TO_BUS = 10_000;
    private static final int ATTEMPTS = 1_000;

    private final IntSupplier random;

    /** @param random non-negative numbers */
    Ports(IntSupplier random) {
        this.random = random;
    }

    static Ports random() {
        return new Ports(() -> ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
    }

    /** A port that was free just now; somebody else may still be faster to take it. */
    int free() {
        return find(Ports::isFree);
    }

    /** The same for a node of a cluster, which talks with the others on its port + 10000. */
    int freeWithBus() {
        return find(port -> isFree(port) && isFree(port + TO_BUS));
    }

    private int find(IntPredicate suits) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = LOWEST + random.getAsInt() % (HIGHEST - LOWEST + 1);
            if (suits.test(port)) {
                return port;
            }
        }
        throw new DevServerException(
                "Found no free port between " + LOWEST + " and " + HIGHEST + " on 127.0.0.1. Name one.");
    }

    /** Always of IPv4, since that is what the server is bound to. */
    static SocketAddress loopback(int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(loopback(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
