package dev.hark.devserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a Redis, and hurts what passes. Faults happen to whichever connection they apply to. */
public final class Proxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;

    private final String host;
    private final int port;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong cutAt = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicReference<@Nullable Cut> armed = new AtomicReference<>();
    private volatile @Nullable Loss loss;
    private volatile @Nullable Held held;
    private volatile @Nullable Watch watch;
    private volatile long delayNanos;
    private volatile boolean trickling;

    /** A proxy for a server on 127.0.0.1. */
    public Proxy(int upstreamPort) {
        this("127.0.0.1", upstreamPort);
    }

    /** A proxy for a server anywhere. */
    public Proxy(String upstreamHost, int upstreamPort) {
        host = upstreamHost;
        port = upstreamPort;
        try {
            server = new ServerSocket(0, 100, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("proxy accept").start(this::accept);
    }

    public String url() {
        return "redis://127.0.0.1:" + port();
    }

    /** Where clients connect. */
    public int port() {
        return server.getLocalPort();
    }

    // ---- faults

    /** Cuts the connection that carries the byte of requests which is so far away, counted over all connections. */
    public void cutAfterRequestBytes(long bytes) {
        cutAt.set(passed.get() + bytes);
    }

    /** Cuts the connection after so many bytes of the next request that contains this. */
    public Cut cutRequest(String containing, int after) {
        return arm(new Cut(Side.REQUEST, containing, after));
    }

    /** Cuts the connection after so many bytes of the reply to the next request that contains this. */
    public Cut cutReplyTo(String containing, int after) {
        return arm(new Cut(Side.REPLY, containing, after));
    }

    private Cut arm(Cut cut) {
        armed.set(cut);
        return cut;
    }

    /** Lets requests arrive, but loses the next replies that contain this, each with its connection. */
    public Loss loseReplies(String containing, int times) {
        Loss fresh = new Loss(containing, 0, new AtomicInteger(times), new AtomicInteger());
        loss = fresh;
        return fresh;
    }

    /** Cuts the connection after so many bytes of the next reply that contains this. */
    public Loss cutReply(String containing, int after) {
        Loss fresh = new Loss(containing, after, new AtomicInteger(1), new AtomicInteger());
        loss = fresh;
        return fresh;
    }

    /** Holds the next reply that contains this until it is released. */
    public Held holdReply(String containing) {
        Held fresh = new Held(containing, new CountDownLatch(1), new CountDownLatch(1));
        held = fresh;
        return fresh;
    }

    /** Counts replies that contain this. */
    public Watch watchReplies(String containing) {
        Watch fresh = new Watch(containing, new AtomicInteger());
        watch = fresh;
        return fresh;
    }

    /** Lets nothing pass, and keeps all connections: half-open to both sides. */
    public void freeze() {
        gate.shut();
    }

    public void thaw() {
        gate.open();
    }

    /** Holds up everything that passes for so long. */
    public void delay(Duration by) {
        delayNanos = by.toNanos();
    }

    /** Passes on what comes in packets of a byte, or no longer. */
    public void trickle(boolean on) {
        trickling = on;
    }

    /** Cuts all connections that are open now. */
    public void cutAll() {
        cuts.addAndGet(open.size() / 2);
        open.forEach(Proxy::quietly);
    }

    /** How many connections were cut. */
    public int cuts() {
        return cuts.get();
    }

    /** How many connections have come so far. */
    public int connections() {
        return connections.get();
    }

    private enum Side {
        REQUEST,
        REPLY
    }

    /** A cut within one exchange, and what it met. */
    public static final class Cut {

        private final Side side;
        private final String containing;
        private final int after;
        private final CountDownLatch happened = new CountDownLatch(1);
        private volatile int length;

        private Cut(Side side, String containing, int after) {
            this.side = side;
            this.containing = containing;
            this.after = after;
        }

        /** Reaches zero when the connection was cut. */
        public CountDownLatch happened() {
            return happened;
        }

        /** How many bytes the request had, or the reply. */
        public int length() {
            return length;
        }

        private int meets(int n) {
            length = n;
            return Math.min(after, n);
        }
    }

    /** Replies to be lost, all but so many bytes of each, and how many were. */
    public record Loss(String containing, int after, AtomicInteger left, AtomicInteger lost) {}

    /** A reply that is held back. */
    public record Held(String containing, CountDownLatch caught, CountDownLatch released) {}

    /** Replies that are counted. */
    public record Watch(String containing, AtomicInteger seen) {}

    // ---- passing on

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                connections.incrementAndGet();
                Socket redis = new Socket();
                try {
                    redis.connect(upstream(), CONNECT_MILLIS);
                } catch (IOException e) {
                    client.close();
                    continue;
                }
                open.add(client);
                open.add(redis);
                client.setTcpNoDelay(true);
                redis.setTcpNoDelay(true);
                Exchange exchange = new Exchange(client, redis);
                Thread.ofPlatform().daemon().name("proxy requests").start(exchange::requests);
                Thread.ofPlatform().daemon().name("proxy replies").start(exchange::replies);
            } catch (IOException e) {
                // closed, or a client that went away at once
            }
        }
    }

    private SocketAddress upstream() {
        return new InetSocketAddress(host, port);
    }

    /** One connection through the proxy. Requests and replies alternate on it. */
    private final class Exchange {

        private final Socket client;
        private final Socket redis;
        private volatile @Nullable Cut awaitingReply;

        Exchange(Socket client, Socket redis) {
            this.client = client;
            this.redis = redis;
        }

        void requests() {
            pass(client, redis, (buffer, n) -> request(buffer, n));
        }

        void replies() {
            pass(redis, client, (buffer, n) -> reply(buffer, n));
        }

        private int request(byte[] buffer, int n) {
            long before = passed.getAndAdd(n);
            long at = cutAt.get();
            if (before + n > at && cutAt.compareAndSet(at, Long.MAX_VALUE)) {
                cuts.incrementAndGet();
                return (int) Math.max(0, at - before);
            }
            Cut cut = armed.get();
            if (cut == null || !text(buffer, n).contains(cut.containing) || !armed.compareAndSet(cut, null)) {
                return n;
            }
            if (cut.side == Side.REPLY) {
                awaitingReply = cut;
                return n;
            }
            int allowed = cut.meets(n);
            cuts.incrementAndGet();
            cut.happened.countDown();
            return allowed == n ? n + 1 : allowed; // complete, and then no more
        }

        private int reply(byte[] buffer, int n) throws InterruptedException {
            Cut cut = awaitingReply;
            if (cut != null) {
                int allowed = cut.meets(n);
                cuts.incrementAndGet();
                cut.happened.countDown();
                return allowed == n ? n + 1 : allowed;
            }
            Loss lose = loss;
            Held hold = held;
            Watch see = watch;
            if (lose == null && hold == null && see == null) {
                return n;
            }
            String text = text(buffer, n);
            if (see != null && text.contains(see.containing)) {
                see.seen.incrementAndGet();
            }
            if (lose != null && text.contains(lose.containing) && lose.left.getAndDecrement() > 0) {
                lose.lost.incrementAndGet();
                cuts.incrementAndGet();
                return Math.min(lose.after, n - 1);
            }
            if (hold != null && text.contains(hold.containing)) {
                held = null;
                hold.caught.countDown();
                hold.released.await();
            }
            return n;
        }
    }

    private static String text(byte[] buffer, int n) {
        return new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
    }

    private interface Toll {
        /** How many of the bytes may pass; with any other number than all of them the connection ends. */
        int take(byte[] buffer, int n) throws InterruptedException;
    }

    private void pass(Socket from, Socket to, Toll toll) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                gate.pass();
                long hold = delayNanos;
                if (hold > 0) {
                    Thread.sleep(Duration.ofNanos(hold));
                }
                int allowed = toll.take(buffer, n);
                write(out, buffer, Math.min(allowed, n));
                if (allowed != n) {
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

    private void write(OutputStream out, byte[] buffer, int n) throws IOException {
        int at = 0;
        while (trickling && at < n) {
            out.write(buffer, at++, 1);
        }
        out.write(buffer, at, n - at);
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
        open.forEach(Proxy::quietly);
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
