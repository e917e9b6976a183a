package dev.hark;

import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Hearing;
import dev.hark.internal.engine.Listening;
import dev.hark.internal.engine.Publisher;
import dev.hark.internal.engine.Publishers;
import dev.hark.internal.engine.Solitude;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.Store.Configured;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.Threads;
import dev.hark.internal.memory.MemoryStore;
import dev.hark.internal.redis.Acl;
import dev.hark.internal.redis.RedisStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The way into Hark: makes queues, channels, listeners and the inspector over one Redis. Safe for use by several threads;
 * an application has one for each Redis that it uses. Closing it closes its listeners.
 *
 * <pre>{@code
 * try (Hark hark = Hark.connect("redis://localhost:6379")) {
 *   MessageQueue<Email> mail = hark.queue("mail", Email.class);
 *   mail.publish(new Email("a@example.org", "hi"));
 *   hark.listener().handle(mail, email -> smtp.send(email)).start().awaitClosed();
 * }
 * }</pre>
 */
public final class Hark implements AutoCloseable {

    private final Store store;
    private final Env env;
    private final Settings settings;
    private final Solitude solitude = new Solitude();
    private final Map<String, Publishers> publishers = new ConcurrentHashMap<>();
    private final Set<RunningListener> listeners = ConcurrentHashMap.newKeySet();

    /** Whoever starts something holds it for reading, so that closing misses nothing. */
    private final CountDownLatch ended = new CountDownLatch(1);

    private final ReentrantReadWriteLock starting = new ReentrantReadWriteLock();

    private volatile boolean closed; // written with that lock held for writing

    Hark(Store store, Env env, Settings settings) {
        this.store = store;
        this.env = env;
        this.settings = settings;
    }

    /**
     * Connects with default settings.
     *
     * @param url {@code redis://host:port}, {@code redis-sentinel://} or {@code redis-cluster://}, or with
     *     {@code rediss} for TLS; see {@link Redis#of}
     * @throws InvalidInputException if the URL is none
     * @throws UnavailableException if Redis cannot be reached within five seconds, or refuses the login
     * @throws UnsafeServerException if the server would lose messages
     */
    public static Hark connect(String url) {
        return builder().url(url).build();
    }

    /** Returns a builder with default settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a Hark without Redis, for tests and trials: the same behaviour, within this process and its life. */
    public static Hark inMemory() {
        Builder builder = builder();
        return new Hark(new MemoryStore(), builder.env(), builder.settings());
    }

    /**
     * Says to Redis what a user may do, and no more than its role needs: {@code user NAME on …}, a line of an ACL file.
     * Without its first word it is what {@code ACL SETUSER} takes. It holds no password, so that nobody can log in
     * before one is added; one that the user has already stays. Needs no Redis.
     */
    public static String aclLine(AclUser user) {
        return Acl.line(user);
    }

    /**
     * Returns the queue of this name; nothing is sent yet.
     *
     * @param type of bodies: String is UTF-8 text as it stands, byte[] the bytes, all else JSON
     * @throws InvalidInputException if the name is not allowed, or bodies of the type cannot be written and read
     */
    public <T> MessageQueue<T> queue(String name, Class<T> type) {
        return queue(name, settings.codecs.of(type));
    }

    /** Returns the queue of this name, with a codec of its own; otherwise as {@link #queue(String, Class)}. */
    public <T> MessageQueue<T> queue(String name, Codec<T> codec) {
        Names.queue(name);
        Publishers ofQueue = whileOpen(() -> publishers.computeIfAbsent(name, it -> new Publishers(it, store, env)));
        return new MessageQueue<>(name, codec, settings.maxBody, ofQueue);
    }

    /**
     * Returns the queue of this name, and sets its settings in Redis; otherwise as {@link #queue(String, Class)}. What an
     * operator has set through {@link Inspector#configure} stays; settings that differ are told as
     * {@link Event.SettingsDiffered}. Publishers elsewhere go by them within five seconds.
     *
     * @param settings from {@link QueueSettings#NONE} to what is wanted
     * @throws InvalidInputException also if the settings are not allowed
     * @throws UnavailableException if Redis cannot be reached
     */
    public <T> MessageQueue<T> queue(String name, Class<T> type, UnaryOperator<QueueSettings> settings) {
        MessageQueue<T> queue = queue(name, type);
        QueueSettings asked = settings.apply(QueueSettings.NONE);
        Configured configured = Failures.during(
                "queue " + name + ": cannot set its settings", () -> store.configure(name, asked, false));
        if (configured.before() != null && !configured.before().equals(asked)) {
            env.events().accept(new Event.SettingsDiffered(name, asked, configured.before(), !configured.applied()));
        }
        return queue;
    }

    /** Returns the plain Redis channel of that very name, with bodies as in {@link #queue(String, Class)}. */
    public <T> Channel<T> channel(String name, Class<T> type) {
        return channel(name, settings.codecs.of(type));
    }

    /** Returns the plain Redis channel of that very name, with a codec of its own. */
    public <T> Channel<T> channel(String name, Codec<T> codec) {
        return new Channel<>(this, Names.channel(name), codec, store);
    }

    /**
     * Subscribes to all channels whose names match a pattern, {@code news.*} for example.
     *
     * @return closes the subscription
     * @see <a href="https://redis.io/docs/latest/commands/psubscribe/">PSUBSCRIBE</a>
     */
    public <T> Listener channels(String pattern, Class<T> type, PatternHandler<T> handler) {
        return hear(Names.channel(pattern), true, Channel.ear(settings.codecs.of(type), handler, handler));
    }

    /** Returns a builder for a listener on queues. */
    public ListenerBuilder listener() {
        return new ListenerBuilder(this);
    }

    /** Returns what can be seen of queues, and done to them by hand. */
    public Inspector inspector() {
        return new Inspector(store);
    }

    Listener listen(Listening.Plan plan) {
        return whileOpen(() -> {
            Listening listening = started(plan);
            return running(listening::close, listening::health);
        });
    }

    /** Starts, with some patience: a server may be failing over, or on its way elsewhere, just now. */
    private Listening started(Listening.Plan plan) {
        long since = env.nanos().getAsLong();
        for (int failures = 0; ; failures++) {
            Listening listening = new Listening(plan, settings.lease, solitude, store, env);
            try {
                listening.start();
                return listening;
            } catch (StoreException e) {
                if (!e.transientFailure() || env.since(since).compareTo(settings.connectTimeout) >= 0) {
                    throw Failures.of("cannot listen", e);
                }
                env.pause(failures);
            }
        }
    }

    Listener hear(String channel, boolean pattern, Hearing.Ear ear) {
        return whileOpen(() -> {
            Hearing hearing = new Hearing(channel, pattern, ear, store, env);
            try {
                hearing.start();
            } catch (StoreException e) {
                throw Failures.of("channel " + channel + ": cannot subscribe", e);
            }
            return running(hearing::close, hearing::health);
        });
    }

    private Listener running(Consumer<Deadline> close, Supplier<Health> health) {
        RunningListener listener = new RunningListener(
                settings.closeTimeout,
                this::drain,
                limit -> new Deadline(limit, env),
                close,
                health,
                listeners::remove);
        listeners.add(listener);
        return listener;
    }

    private <R> R whileOpen(Supplier<R> start) {
        starting.readLock().lock();
        try {
            if (closed) {
                throw new ClosedException("this Hark was closed");
            }
            return start.get();
        } finally {
            starting.readLock().unlock();
        }
    }

    /** Closes within {@link Builder#closeTimeout}. */
    @Override
    public void close() {
        close(settings.closeTimeout);
    }

    /**
     * Closes listeners, all at once, then sends what was published and still waits. An interrupt does not cut it short;
     * another call does, which returns at once and brings the deadline of handlers nearer if its own is nearer.
     *
     * @param deadline how long handlers may go on, and how long Redis may take, not negative
     */
    public void close(Duration deadline) {
        Delays.check(deadline);
        // Not here: an interrupt would cut waits short, and could break a connection under what must be said last.
        // Threads of the platform, since handlers that never wait leave no other a processor.
        Thread asker = Thread.currentThread();
        Thread closing = Threads.platform("hark-closing").start(() -> {
            if (nowClosed()) {
                end(deadline, asker);
            } else {
                listeners.forEach(listener -> listener.beginClosing(deadline));
            }
        });
        if (starting.getReadHoldCount()
                == 0) { // else an observer closes what it was told of, and would wait for itself
            join(closing);
        }
    }

    /** Whether it was open; whatever was starting has started then. */
    private boolean nowClosed() {
        starting.writeLock().lock();
        try {
            boolean open = !closed;
            closed = true;
            return open;
        } finally {
            starting.writeLock().unlock();
        }
    }

    private void end(Duration deadline, Thread asker) {
        try {
            long start = env.nanos().getAsLong();
            List<Thread> closing = new ArrayList<>();
            for (Listener listener : listeners) {
                closing.add(Threads.platform("hark-closing").start(() -> listener.close(deadline)));
            }
            closing.forEach(Hark::join);
            Duration passed = env.since(start);
            Duration left = deadline.compareTo(passed) > 0 ? deadline.minus(passed) : Duration.ZERO;
            closing.clear();
            for (Publishers ofQueue : publishers.values()) { // at once: each may wait for Redis
                for (Publisher publisher : ofQueue.end()) {
                    closing.add(Threads.platform("hark-closing").start(() -> publisher.close(left, asker)));
                }
            }
            closing.forEach(Hark::join);
        } finally {
            store.close();
            ended.countDown();
        }
    }

    /** Closes, and waits for the end also if another thread is closing: afterwards the JVM ends. */
    private void drain() {
        close();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a Hark was built with. */
    record Settings(Duration lease, int maxBody, Duration connectTimeout, Duration closeTimeout, Codecs codecs) {}

    /** Settings of a {@link Hark}; all have defaults that work. */
    public static final class Builder {

        private Redis redis = Redis.single("localhost", 6_379);
        private String prefix = "hark";
        private Duration lease = Duration.ofSeconds(10);
        private int maxBody = 1 << 20;
        private Duration closeTimeout = Duration.ofSeconds(30);
        private Duration connectTimeout = Duration.ofSeconds(5);
        private boolean allowEviction;
        private Codecs codecs = new JsonCodecs();
        private Observer observer = new LoggingObserver();

        Builder() {}

        /**
         * Which Redis, as a URL; the same as {@code redis(Redis.of(url))}.
         *
         * @throws InvalidInputException if it is none
         */
        public Builder url(String url) {
            return redis(Redis.of(url));
        }

        /** Which Redis; the one at {@code localhost:6379} unless set. */
        public Builder redis(Redis redis) {
            this.redis = Objects.requireNonNull(redis);
            return this;
        }

        /** What all keys begin with, before a colon, so that applications can share a Redis; {@code hark} unless set. */
        public Builder prefix(String prefix) {
            this.prefix = Names.prefix(prefix);
            return this;
        }

        /**
         * How long a listener may be silent before others take over what it holds; 10 s unless set, 500 ms to 1 day.
         * Handlers may run for longer: the lease is extended in the background as long as the process lives.
         */
        public Builder lease(Duration lease) {
            if (lease.compareTo(Duration.ofMillis(500)) < 0 || lease.compareTo(Duration.ofDays(1)) > 0) {
                throw new InvalidInputException("lease " + lease + " is not allowed: it must be 500 ms to 1 day");
            }
            this.lease = lease;
            return this;
        }

        /** How many bytes a body may have; 1 MiB unless set, at most 256 MiB. */
        public Builder maxBody(int bytes) {
            if (bytes < 0 || bytes > 256 << 20) {
                throw new InvalidInputException(
                        "maxBody " + bytes + " is not allowed: it must be between 0 and 268435456");
            }
            this.maxBody = bytes;
            return this;
        }

        /**
         * How long handlers may go on when a listener is closed; {@link Listener#close(Duration)} says how much longer that
         * may take in all. 30 s unless set. Less than what kills the process allows it: Kubernetes 30 s in all, Docker 10 s.
         */
        public Builder closeTimeout(Duration timeout) {
            this.closeTimeout = Delays.check(timeout);
            return this;
        }

        /** How long {@link #build}, and starting a listener, try to reach Redis; 5 s unless set. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = Delays.check(timeout);
            return this;
        }

        /** Accepts a server that throws keys away when its memory runs out, and messages with them. */
        public Builder allowEviction(boolean allow) {
            this.allowEviction = allow;
            return this;
        }

        /** How bodies are written and read; text, bytes and JSON unless set. */
        public Builder codec(Codecs codecs) {
            this.codecs = Objects.requireNonNull(codecs);
            return this;
        }

        /** Who hears what happens inside; events are logged unless set. */
        public Builder observer(Observer observer) {
            this.observer = Objects.requireNonNull(observer);
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
                        throw Failures.of("cannot start", e);
                    }
                    env.pause(Math.min(failures, 4));
                }
            }
        }

        Settings settings() {
            return new Settings(lease, maxBody, connectTimeout, closeTimeout, codecs);
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
                    new Telling(observer));
        }
    }
}
