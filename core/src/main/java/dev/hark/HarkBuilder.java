package dev.hark;

import dev.hark.error.InvalidInputException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.event.Observer;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Names;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreFailures;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.memory.MemoryStore;
import dev.hark.internal.redis.RedisStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Hark}; all have defaults that work. */
public final class HarkBuilder {

    private @Nullable Redis redis = Redis.single("localhost", 6_379); // null for none
    private String prefix = "hark";
    private Duration lease = Duration.ofSeconds(10);
    private int maxBody = 1 << 20;
    private Duration closeTimeout = Duration.ofSeconds(30);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private boolean allowEviction;
    private Codecs codecs = new JsonCodecs();
    private Observer observer = new LoggingObserver();
    private final List<HandlerInterceptor> interceptors = new ArrayList<>();

    HarkBuilder() {}

    /**
     * Which Redis, as a URL; the same as {@code redis(Redis.of(url))}.
     *
     * @throws InvalidInputException if it is none
     */
    public HarkBuilder url(String url) {
        return redis(Redis.of(url));
    }

    /** Which Redis; the one at {@code localhost:6379} unless set. */
    public HarkBuilder redis(Redis redis) {
        this.redis = Objects.requireNonNull(redis);
        return this;
    }

    /**
     * No Redis: messages are kept within this process, for tests and trials. All behaves the same, but for what is set for
     * Redis alone: {@link #prefix}, {@link #connectTimeout} and {@link #allowEviction} have no effect.
     */
    public HarkBuilder inMemory() {
        redis = null;
        return this;
    }

    /** What all keys begin with, before a colon, so that applications can share a Redis; {@code hark} unless set. */
    public HarkBuilder prefix(String prefix) {
        this.prefix = Names.prefix(prefix);
        return this;
    }

    /**
     * How long a listener may be silent before others take over what it holds; 10 s unless set, 500 ms to 1 day.
     * Handlers may run for longer: the lease is extended in the background as long as the process lives.
     */
    public HarkBuilder lease(Duration lease) {
        if (lease.compareTo(Duration.ofMillis(500)) < 0 || lease.compareTo(Duration.ofDays(1)) > 0) {
            throw new InvalidInputException("lease " + lease + " is not allowed: it must be 500 ms to 1 day");
        }
        this.lease = lease;
        return this;
    }

    /** How many bytes a body may have; 1 MiB unless set, at most 256 MiB. */
    public HarkBuilder maxBody(int bytes) {
        if (bytes < 0 || bytes > 256 << 20) {
            throw new InvalidInputException("maxBody " + bytes + " is not allowed: it must be between 0 and 268435456");
        }
        this.maxBody = bytes;
        return this;
    }

    /**
     * How long handlers may go on when a listener is closed; {@link Listener#close(Duration)} says how much longer that
     * may take in all. 30 s unless set. Less than what kills the process allows it: Kubernetes 30 s in all, Docker 10 s.
     */
    public HarkBuilder closeTimeout(Duration timeout) {
        this.closeTimeout = Delays.check(timeout);
        return this;
    }

    /** How long {@link #build}, and starting a listener, try to reach Redis; 5 s unless set. */
    public HarkBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = Delays.check(timeout);
        return this;
    }

    /** Accepts a server that throws keys away when its memory runs out, and messages with them. */
    public HarkBuilder allowEviction(boolean allow) {
        this.allowEviction = allow;
        return this;
    }

    /** How bodies are written and read; text, bytes and JSON unless set. */
    public HarkBuilder codec(Codecs codecs) {
        this.codecs = Objects.requireNonNull(codecs);
        return this;
    }

    /** Who hears what happens inside; events are logged unless set. */
    public HarkBuilder observer(Observer observer) {
        this.observer = Objects.requireNonNull(observer);
        return this;
    }

    /** Adds what runs around every attempt to handle a message; the first that is added is the outermost. */
    public HarkBuilder interceptor(HandlerInterceptor interceptor) {
        interceptors.add(Objects.requireNonNull(interceptor));
        return this;
    }

    /**
     * Connects, and checks that the server is safe.
     *
     * @throws InvalidInputException if certificates cannot be read
     * @throws UnavailableException if Redis cannot be reached in time, or refuses the login
     * @throws UnsafeServerException if the server would lose messages
     */
    public Hark build() {
        Env env = env();
        if (redis == null) {
            return new Hark(new MemoryStore(), env, settings());
        }
        RedisStore store = new RedisStore(redis, prefix, env.events());
        try {
            connect(store, env);
            return new Hark(store, env, settings());
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void connect(RedisStore store, Env env) {
        long start = env.nanos().getAsLong();
        Duration left = connectTimeout;
        for (int failures = 0; ; failures++) {
            try {
                store.checkServers(allowEviction, left);
                return;
            } catch (StoreException e) {
                left = connectTimeout.minus(env.since(start));
                // a last try that has no time to be answered would only be another way of waiting
                if (!e.transientFailure() || left.compareTo(connectTimeout.dividedBy(10)) < 0) {
                    throw StoreFailures.of("cannot start", e);
                }
                env.pause(Math.min(failures, 4));
            }
        }
    }

    HarkSettings settings() {
        return new HarkSettings(lease, maxBody, connectTimeout, closeTimeout, codecs, List.copyOf(interceptors));
    }

    Env env() {
        return new Env(
                System::nanoTime,
                Threads.PLATFORM,
                new Random(),
                Ids::next,
                Executors.newThreadPerTaskExecutor(
                        Threads.virtual().name("hark-", 0).factory()),
                Threads.own("hark-own-"),
                new EventDispatch(observer));
    }
}
