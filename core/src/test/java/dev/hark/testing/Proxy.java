package dev.hark.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a Redis, and hurts what passes. Faults happen to whichever connection they apply to. */
public final class Proxy implements AutoCloseable {

    private final int upstream;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong cutAt = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable Loss loss;
    private volatile @Nullable Held held;

    public Proxy(int upstreamPort) throws IOException {
        upstream = upstreamPort;
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("proxy accept").start(this::accept);
    }

    public String url() {
        return "redis://127.0.0.1:" + server.getLocalPort();
    }

    // ---- faults

    /** Cuts the connection that carries the byte of requests which is so far away, counted over all connections. */
    public void cutAfterRequestBytes(long bytes) {
        cutAt.set(passed.get() + bytes);
    }

    /** Lets requests arrive, but loses the next replies that contain this, each with its connection. */
    public Loss loseReplies(String containing, int times) {
        Loss fresh = new Loss(containing, new AtomicInteger(times), new AtomicInteger());
        loss = fresh;
        return fresh;
    }

    /** Holds the next reply that contains this until it is released. */
    public Held holdReply(String containing) {
        Held fresh = new Held(containing, new CountDownLatch(1), new CountDownLatch(1));
        held = fresh;
        return fresh;
    }

    /** Lets nothing pass, and keeps all connections: half-open to both sides. */
    public void freeze() {
        gate.shut();
    }

    public void thaw() {
        gate.open();
    }

    /** Cuts all connections that are open now. */
    public void cutAll() {
        open.forEach(Proxy::quietly);
    }

    /** How many connections the byte count has cut. */
    public int cuts() {
        return cuts.get();
    }

    /** How many connections have come so far. */
    public int connections() {
        return connections.get();
    }

    /** Replies to be lost, and how many were. */
    public record Loss(String containing, AtomicInteger left, AtomicInteger lost) {}

    /** A reply that is held back. */
    public record Held(String containing, CountDownLatch caught, CountDownLatch released) {}

    // ---- passing on

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                connections.incrementAndGet();
                Socket redis = new Socket();
                try {
                    redis.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream), 5_000);
                } catch (IOException e) {
                    client.close();
                    continue;
                }
                open.add(client);
                open.add(redis);
                client.setTcpNoDelay(true);
                redis.setTcpNoDelay(true);
                Thread.ofPlatform().daemon().name("proxy requests").start(() -> pass(client, redis, true));
                Thread.ofPlatform().daemon().name("proxy replies").start(() -> pass(redis, client, false));
            } catch (IOException e) {
                // closed, or a client that went away at once
            }
        }
    }

    private void pass(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                gate.pass();
                int allowed = requests ? request(n) : reply(buffer, n);
                out.write(buffer, 0, allowed);
                if (allowed < n) {
                    break;
                }
            }
        } catch (IOException | InterruptedException e) {
            // either side is gone
        } finally {
            quietly(from);
            quietly(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private int request(int n) {
        long before = passed.getAndAdd(n);
        long at = cutAt.get();
        if (before + n > at && cutAt.compareAndSet(at, Long.MAX_VALUE)) {
            cuts.incrementAndGet();
            return (int) Math.max(0, at - before);
        }
        return n;
    }

    private int reply(byte[] buffer, int n) throws InterruptedException {
        Loss lose = loss;
        Held hold = held;
        if (lose == null && hold == null) {
            return n;
        }
        String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        if (lose != null && text.contains(lose.containing) && lose.left.getAndDecrement() > 0) {
            lose.lost.incrementAndGet();
            return 0;
        }
        if (hold != null && text.contains(hold.containing)) {
            held = null;
            hold.caught.countDown();
            hold.released.await();
        }
        return n;
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        gate.open();
        cutAll();
    }

    private static final class Gate {
        private boolean shut;

        synchronized void shut() {
            shut = true;
        }

        synchronized void open() {
            shut = false;
            notifyAll();
        }

        synchronized void pass() throws InterruptedException {
            while (shut) {
                wait();
            }
        }
    }
}
