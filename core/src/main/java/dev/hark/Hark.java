package dev.hark;

import dev.hark.admin.AclUser;
import dev.hark.admin.Inspector;
import dev.hark.admin.QueueInspector;
import dev.hark.error.InvalidInputException;
import dev.hark.error.UnavailableException;
import dev.hark.error.UnsafeServerException;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Names;
import dev.hark.internal.engine.PublishStore.Configured;
import dev.hark.internal.engine.PublishStore.Owner;
import dev.hark.internal.engine.QueueConfigs;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreFailures;
import dev.hark.internal.engine.listen.ChannelLoop;
import dev.hark.internal.engine.listen.Isolation;
import dev.hark.internal.engine.listen.Listening;
import dev.hark.internal.redis.scripts.Acl;
import java.time.Duration;
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
    private final HarkSettings settings;
    private final Isolation isolation = new Isolation();
    private final Lifetime lifetime;
    private final QueueConfigs configs;

    Hark(Store store, Env env, HarkSettings settings) {
        this.store = store;
        this.env = env;
        this.settings = settings;
        configs = new QueueConfigs(store, env);
        lifetime = new Lifetime(configs, store, env, settings.closeTimeout());
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
    public static HarkBuilder builder() {
        return new HarkBuilder();
    }

    /** Returns a Hark without Redis, for tests and trials: the same behaviour, within this process and its life. */
    public static Hark inMemory() {
        return builder().inMemory().build();
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
        return queue(name, settings.codecs().of(type));
    }

    /** Returns the queue of this name, with a codec of its own; otherwise as {@link #queue(String, Class)}. */
    public <T> MessageQueue<T> queue(String name, Codec<T> codec) {
        Names.queue(name);
        return new MessageQueue<>(name, codec, settings.maxBody(), lifetime.publishers(name));
    }

    /**
     * Returns the queue of this name, and sets its settings in Redis; otherwise as {@link #queue(String, Class)}. Each
     * setting that an operator has set through {@link QueueInspector#configure} stays as it is, and all others become as is
     * wanted here; where they differ, that is told as {@link Event.SettingsDiffered}. This process, and those that listen
     * to the queue, go by them at once, all others within five seconds.
     *
     * @param settings from {@link QueueSettings#NONE} to what is wanted; what it does not set has its default
     * @throws InvalidInputException also if the settings are not allowed
     * @throws UnavailableException if Redis cannot be reached
     */
    public <T> MessageQueue<T> queue(String name, Class<T> type, UnaryOperator<QueueSettings> settings) {
        MessageQueue<T> queue = queue(name, type);
        Address address = Address.of(name);
        QueueSettings asked = settings.apply(QueueSettings.NONE);
        Configured configured = StoreFailures.during(
                "queue " + name + ": cannot set its settings", () -> store.configure(address, asked, Owner.CODE));
        configs.stale(address);
        QueueSettings now = configured.now();
        if (configured.before() != null && !configured.before().equals(now)) {
            env.events().accept(new Event.SettingsDiffered(name, now, configured.before(), false));
        }
        if (!asked.equals(now)) {
            env.events().accept(new Event.SettingsDiffered(name, asked, now, true));
        }
        return queue;
    }

    /** Returns the plain Redis channel of that very name, with bodies as in {@link #queue(String, Class)}. */
    public <T> Channel<T> channel(String name, Class<T> type) {
        return channel(name, settings.codecs().of(type));
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
        return hear(Names.channel(pattern), true, Channel.ear(settings.codecs().of(type), handler, handler));
    }

    /** Returns a builder for a listener on queues. */
    public ListenerBuilder listener() {
        return new ListenerBuilder(this, settings.interceptors());
    }

    /** Returns what can be seen of queues, and done to them by hand. */
    public Inspector inspector() {
        return new Inspector(store);
    }

    Listener listen(Listening.Plan plan) {
        return lifetime.whileOpen(() -> {
            Listening listening = started(plan);
            return lifetime.running(listening::close, listening::health);
        });
    }

    /** Starts, with some patience: a server may be failing over, or on its way elsewhere, just now. */
    private Listening started(Listening.Plan plan) {
        long since = env.nanos().getAsLong();
        for (int failures = 0; ; failures++) {
            Listening listening = new Listening(plan, settings.lease(), isolation, configs, store, env);
            try {
                listening.start();
                return listening;
            } catch (StoreException e) {
                if (!e.transientFailure() || env.since(since).compareTo(settings.connectTimeout()) >= 0) {
                    throw StoreFailures.of("cannot listen", e);
                }
                env.pause(failures);
            }
        }
    }

    Listener hear(String channel, boolean pattern, ChannelLoop.Ear ear) {
        return lifetime.whileOpen(() -> {
            ChannelLoop channelLoop = new ChannelLoop(channel, pattern, ear, store, env);
            try {
                channelLoop.start();
            } catch (StoreException e) {
                throw StoreFailures.of("channel " + channel + ": cannot subscribe", e);
            }
            return lifetime.running(channelLoop::close, channelLoop::health);
        });
    }

    /** Closes within {@link HarkBuilder#closeTimeout}. */
    @Override
    public void close() {
        close(settings.closeTimeout());
    }

    /**
     * Closes listeners, all at once, then sends what was published and still waits. An interrupt does not cut it short;
     * another call does, which returns at once and brings the deadline of handlers nearer if its own is nearer.
     *
     * @param deadline how long handlers may go on, and how long Redis may take, not negative
     */
    public void close(Duration deadline) {
        lifetime.close(Delays.check(deadline));
    }
}
