package dev.hark.internal.redis;

import dev.hark.InvalidInputException;
import dev.hark.Overflow;
import dev.hark.QueueInfo;
import dev.hark.QueueSettings;
import dev.hark.internal.engine.Publication;
import dev.hark.internal.engine.Settlement;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisProtocolNotSupportedException;

/** The store on Redis: each transition is one script. */
public final class RedisStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

    /** How long Redis remembers a sender: several times longer than a batch may stay unresolved. */
    private static final long SENDER_TTL_MILLIS = Duration.ofMinutes(10).toMillis();

    /** Settled entries are trimmed once there are this many: streams free whole nodes of about 100. */
    private static final int TRIM_AT = 128;

    /** Beyond this, a slow message holds the floor, and each batch deletes its own entries. */
    private static final int DELETE_AT = 10_000;

    private static final int STEP_MESSAGES = 200;
    private static final int STEP_BYTES = 1 << 20;

    private final Connections connections;
    private final Keys keys;
    private final Inspection inspection;
    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private final ReentrantLock leaseLock = new ReentrantLock();
    private @Nullable Link leaseLink; // guarded by leaseLock
    private boolean closed; // guarded by leaseLock

    /**
     * Opens a store; connects when it is first used.
     *
     * @param url {@code redis://} or {@code rediss://}, with user, password and database if needed
     * @param prefix what all keys begin with
     * @throws dev.hark.InvalidInputException when the URL is none
     */
    public RedisStore(String url, String prefix) {
        connections = new Connections(url);
        keys = new Keys(prefix);
        inspection = new Inspection(keys, this::pooled);
    }

    /**
     * Checks that the server is one that can be trusted with messages.
     *
     * @param allowEviction whether a server that evicts keys is accepted
     * @param within how long connecting, and each reply, may take
     * @throws dev.hark.UnsafeServerException when it is not
     */
    public void checkServer(boolean allowEviction, Duration within) {
        try (Link link = connections.open(within)) {
            ServerCheck.run(link, connections.server(), allowEviction);
        } catch (StoreException e) {
            if (e.getCause() instanceof JedisProtocolNotSupportedException) {
                throw ServerCheck.tooOld(connections.server(), "older than 6, since it does not know HELLO");
            }
            throw e;
        }
    }

    // ---- publishing

    @Override
    public PublishReply publish(Batch batch, Runnable meanwhile) {
        String queue = batch.queue();
        List<String> at = new ArrayList<>(5);
        at.add(keys.ready(queue));
        at.add(keys.stats(queue));
        at.add(keys.sender(queue, batch.sender()));
        boolean limited = batch.settings().maxLength() > 0;
        boolean plain = !limited && batch.messages().stream().allMatch(Publication::plain);
        List<Object> args =
                new ArrayList<>(7 + (plain ? 1 : 3) * batch.messages().size());
        args.add(batch.sequence());
        args.add(batch.nonce());
        args.add(SENDER_TTL_MILLIS);
        args.add(keys.wake(queue));
        args.add(plain ? "plain" : limited ? limited(batch.settings()) : "full");
        boolean delayed = limited; // it counts what is due later, too
        for (Publication message : batch.messages()) {
            if (!plain) {
                delayed |= !(message.due() instanceof Publication.Due.Now);
                args.add(
                        switch (message.due()) {
                            case Publication.Due.Now() -> "";
                            case Publication.Due.After(long millis) -> "+" + millis;
                            case Publication.Due.At(long millis) -> Long.toString(millis);
                        });
                args.add(message.meta());
            }
            args.add(message.body());
        }
        if (delayed) {
            at.add(keys.later(queue));
            at.add(keys.held(queue));
        }
        String reply = Link.text(pooled(link -> link.run(Script.PUBLISH, at, args, meanwhile)));
        registerIfNew(queue); // afterwards, so that a refused batch leaves nothing behind
        int space = reply.indexOf(' ');
        String answer = reply.substring(space + 1);
        return switch (reply.substring(0, space)) {
            case "accepted" -> new PublishReply.Accepted(Ids.read(answer), false);
            case "repeated" ->
                answer.startsWith("f ")
                        ? new PublishReply.Full(Integer.parseInt(answer.substring(2)))
                        : new PublishReply.Accepted(Ids.read(answer), true);
            case "full" -> new PublishReply.Full(Integer.parseInt(answer));
            case "gap" -> {
                registered.remove(queue);
                yield new PublishReply.Gap(Long.parseLong(answer));
            }
            default -> new PublishReply.Cloned();
        };
    }

    private static String limited(QueueSettings settings) {
        return "limited " + settings.maxLength() + (settings.overflow() == Overflow.DROP_OLDEST ? " drop" : " refuse");
    }

    @Override
    public void retire(String queue, String sender) {
        pooled(link -> link.call(Command.DEL, keys.sender(queue, sender)));
    }

    @Override
    public QueueSettings settings(String queue) {
        try {
            return settings(queue, Link.list(pooled(link -> link.call(Command.HGETALL, keys.config(queue)))));
        } catch (StoreException e) { // a plain command's error does not say which key it is about
            throw new StoreException(e.kind(), "key " + keys.config(queue) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Configured configure(String queue, QueueSettings settings, boolean operator) {
        List<Object> reply = Link.list(pooled(link -> link.run(
                Script.CONFIGURE,
                List.of(keys.config(queue)),
                List.of(
                        operator ? "operator" : "code",
                        "maxLength",
                        settings.maxLength(),
                        "overflow",
                        settings.overflow().name().toLowerCase(Locale.ROOT)))));
        registerIfNew(queue);
        List<Object> before = Link.list(reply.get(1));
        return new Configured(before.isEmpty() ? null : settings(queue, before), Link.number(reply.get(0)) == 1);
    }

    private QueueSettings settings(String queue, List<Object> flat) {
        QueueSettings settings = QueueSettings.NONE;
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            String value = Link.text(flat.get(i + 1));
            try {
                settings = switch (Link.text(flat.get(i))) {
                    case "maxLength" -> settings.maxLength(Long.parseLong(value));
                    case "overflow" -> settings.overflow(Overflow.valueOf(value.toUpperCase(Locale.ROOT)));
                    default -> settings; // of a newer version
                };
            } catch (IllegalArgumentException | InvalidInputException e) {
                // written by hand, or by a newer version: publishing goes on, and an operator can set it right
                LOG.warn(
                        "key {}: its field {} holds '{}', which is ignored",
                        keys.config(queue),
                        Link.text(flat.get(i)),
                        value);
            }
        }
        return settings;
    }

    // ---- listening

    @Override
    public Opened open(String queue, String session, Duration lease) {
        List<Object> reply = Link.list(leased(link -> link.run(
                Script.OPEN,
                List.of(
                        keys.ready(queue),
                        keys.stats(queue),
                        keys.sessions(queue),
                        keys.settled(queue),
                        keys.later(queue),
                        keys.held(queue),
                        keys.dead(queue)),
                List.of(session, lease.toMillis()))));
        registered.remove(queue); // whoever opens anew may do so since everything was lost
        registerIfNew(queue);
        return new Opened(Link.number(reply.get(0)) == 1, Link.number(reply.get(1)));
    }

    @Override
    public ClaimSource claims(List<String> queues) {
        return new RedisClaims(connections, keys, queues);
    }

    @Override
    public SettleReply settle(SettleBatch batch) {
        String queue = batch.queue();
        List<String> at = new ArrayList<>(
                List.of(keys.ready(queue), keys.stats(queue), keys.sessions(queue), keys.settled(queue)));
        List<Object> args = new ArrayList<>(6 + batch.settlements().size());
        args.add(batch.session());
        args.add(batch.sequence());
        args.add(TRIM_AT);
        args.add(DELETE_AT);
        List<Object> foreign = new ArrayList<>(0);
        List<Object> others = new ArrayList<>(0);
        args.add(0);
        args.add(0);
        for (Settlement settlement : batch.settlements()) {
            switch (settlement) {
                case Settlement.Done(String entry, boolean adopted) -> (adopted ? foreign : args).add(entry);
                case Settlement.Retry(String entry, long delay, String error) ->
                    others.addAll(List.of("retry", entry, delay, error));
                case Settlement.Snooze(String entry, long delay) -> others.addAll(List.of("snooze", entry, delay, ""));
                case Settlement.Release(String entry) -> others.addAll(List.of("release", entry, 0, ""));
                case Settlement.Park(String entry, long delay) -> others.addAll(List.of("park", entry, delay, ""));
                case Settlement.Bury(String entry, String reason, boolean burnt) ->
                    others.addAll(List.of(burnt ? "bury" : "buryunburnt", entry, 0, reason));
            }
        }
        args.set(4, args.size() - 6);
        args.set(5, foreign.size());
        args.addAll(foreign);
        args.addAll(others);
        if (!others.isEmpty()) {
            at.addAll(List.of(keys.later(queue), keys.held(queue), keys.dead(queue)));
        }
        List<Object> reply = Link.list(pooled(link -> link.run(Script.SETTLE, at, args)));
        return new SettleReply(
                (int) Link.number(reply.get(1)),
                reply.subList(3, reply.size()).stream().map(Link::text).toList(),
                Link.text(reply.get(0)).equals("repeated"),
                Link.number(reply.get(2)));
    }

    @Override
    public Sweep sweep(String queue, String session, Duration lease, String cursor) {
        List<Object> reply = Link.list(leased(link -> link.run(
                Script.SWEEP,
                List.of(keys.sessions(queue), keys.ready(queue), keys.stats(queue), keys.later(queue)),
                List.of(session, lease.toMillis(), cursor))));
        return new Sweep(
                Link.number(reply.get(0)) == 1,
                Link.texts(reply.get(4)),
                Link.texts(reply.get(5)),
                Link.text(reply.get(3)),
                Link.number(reply.get(1)),
                Link.number(reply.get(2)) == 1);
    }

    @Override
    public Takeover takeOver(String queue, String session, TakeoverMode mode) {
        String what = switch (mode) {
            case LAPSED -> "the session's lease lapsed: its process died, hung, or lost its connection";
            case CLOSED -> "the listener was closed before the handler ended";
        };
        List<Object> reply = Link.list(leased(link -> link.run(
                Script.TAKEOVER,
                List.of(keys.ready(queue), keys.stats(queue), keys.sessions(queue), keys.settled(queue)),
                List.of(session, mode.name().toLowerCase(Locale.ROOT), STEP_MESSAGES, STEP_BYTES, what))));
        return new Takeover((int) Link.number(reply.get(0)), Link.number(reply.get(1)) == 1);
    }

    @Override
    public Promotion promote(String queue) {
        List<Object> reply = Link.list(pooled(link -> link.run(
                Script.PROMOTE,
                List.of(keys.later(queue), keys.held(queue), keys.ready(queue), keys.stats(queue)),
                List.of(STEP_MESSAGES, STEP_BYTES))));
        return new Promotion((int) Link.number(reply.get(0)), Link.number(reply.get(1)));
    }

    @Override
    public ChannelSource earlierDue(List<String> queues) {
        return new RedisChannels(connections, queues.stream().map(keys::wake).toList(), false, keys::queueOfWake);
    }

    // ---- looking and mending

    @Override
    public List<String> queues() {
        return inspection.queues();
    }

    @Override
    public QueueInfo info(String queue) {
        return inspection.info(queue);
    }

    @Override
    public List<Buried> dead(String queue, @Nullable String after, int limit) {
        return inspection.dead(queue, after, limit);
    }

    @Override
    public @Nullable Buried findDead(String queue, String idOrPosition) {
        return inspection.findDead(queue, idOrPosition);
    }

    @Override
    public int revive(String queue, Collection<String> positions) {
        return inspection.revive(queue, positions);
    }

    @Override
    public int discard(String queue, Collection<String> positions) {
        return inspection.discard(queue, positions);
    }

    @Override
    public void drop(String queue) {
        registered.remove(queue);
        inspection.drop(queue);
    }

    // ---- channels

    @Override
    public long broadcast(String channel, byte[] body) {
        Object reply = pooled(link -> link.call(Command.PUBLISH, channel, body));
        return reply instanceof Long receivers ? receivers : 0;
    }

    @Override
    public ChannelSource listen(String channelOrPattern, boolean pattern) {
        return new RedisChannels(connections, List.of(channelOrPattern), pattern, UnaryOperator.identity());
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
        connections.close();
    }

    /** Makes the queue known to listings. They can do without for a while, so a failure waits for the next time. */
    private void registerIfNew(String queue) {
        if (!registered.contains(queue)) {
            try {
                pooled(link -> link.call(Command.SADD, keys.queues(), queue));
                registered.add(queue);
            } catch (StoreException e) {
                LOG.debug("queue {} is not in {} yet: {}", queue, keys.queues(), e.getMessage());
            }
        }
    }

    private <R extends @Nullable Object> R pooled(Function<Link, R> work) {
        try (Link link = connections.borrow()) {
            return work.apply(link);
        } catch (StoreException e) {
            if (e.kind() == Kind.UNKNOWN) {
                connections.forgetIdle();
            }
            throw e;
        }
    }

    /** Leases have a connection of their own, so that nothing else can make a heartbeat late. */
    private <R extends @Nullable Object> R leased(Function<Link, R> work) {
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
                return work.apply(link);
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
}
