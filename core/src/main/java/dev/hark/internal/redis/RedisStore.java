package dev.hark.internal.redis;

import dev.hark.QueueSettings;
import dev.hark.Redis;
import dev.hark.admin.QueueInfo;
import dev.hark.event.Event;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.Answer;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.Store;
import dev.hark.internal.engine.StoreException;
import dev.hark.internal.redis.examine.QueueExamination;
import dev.hark.internal.redis.examine.ServerExamination;
import dev.hark.internal.redis.scripts.Keys;
import dev.hark.internal.redis.wire.Calls;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Purpose;
import dev.hark.internal.redis.wire.ServerCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisProtocolNotSupportedException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The store on Redis: each transition is one script. */
public final class RedisStore implements Store {

    /** One blocking read takes no more streams: Redis looks at each of them on every wake. */
    private static final int CLAIMED_TOGETHER = 100;

    private final boolean clustered;
    private final Connections connections;
    private final Keys keys;
    private final Calls calls;
    private final Registry registry;
    private final Homes homes = new Homes();
    private final Publishing publishing;
    private final Configuration configuration;
    private final Handling handling;
    private final Inspection inspection;
    private final ServerExamination servers;
    private final QueueExamination queues;

    /**
     * Opens a store; connects when it is first used.
     *
     * @param prefix what all keys begin with
     * @throws dev.hark.error.InvalidInputException when certificates cannot be read
     */
    public RedisStore(Redis redis, String prefix) {
        this(redis, prefix, event -> {});
    }

    /**
     * Opens a store; connects when it is first used.
     *
     * @param prefix what all keys begin with
     * @param events told when connections run short
     * @throws dev.hark.error.InvalidInputException when certificates cannot be read
     */
    public RedisStore(Redis redis, String prefix, Consumer<Event> events) {
        clustered = redis.place() instanceof Redis.Place.Cluster;
        connections = new Connections(redis, events);
        keys = new Keys(prefix);
        calls = new Calls(connections, Purpose.LOOKING);
        registry = new Registry(calls.with(Purpose.PUBLISHING), keys);
        publishing = new Publishing(calls, keys, registry);
        configuration = new Configuration(calls, keys, registry);
        handling = new Handling(calls.with(Purpose.SETTLING), keys, registry, homes);
        inspection = new Inspection(calls, keys);
        servers = new ServerExamination(connections, keys, System::currentTimeMillis);
        queues = new QueueExamination(connections, calls, keys);
    }

    /**
     * Checks that the servers are such that can be trusted with messages.
     *
     * @param allowEviction whether a server that evicts keys is accepted
     * @param within how long connecting to each, and each reply, may take
     * @throws dev.hark.error.UnsafeServerException when one is not
     */
    public void checkServers(boolean allowEviction, Duration within) {
        for (HostAndPort master : connections.masters()) {
            String shown = connections.shown(master);
            try (Link link = connections.open(master, within)) {
                ServerCheck.run(link, shown, allowEviction);
            } catch (StoreException e) {
                if (e.getCause() instanceof JedisProtocolNotSupportedException) {
                    throw ServerCheck.tooOld(shown, "older than 6, since it does not know HELLO");
                }
                throw e;
            }
        }
    }

    // ---- publishing

    @Override
    public PublishReply publish(Batch batch, Runnable meanwhile) {
        return publishing.publish(batch, meanwhile);
    }

    @Override
    public QueueSettings settings(Address queue) {
        return configuration.settings(queue);
    }

    @Override
    public Configured configure(Address queue, QueueSettings settings, Owner owner) {
        return configuration.configure(queue, settings, owner);
    }

    @Override
    public void retire(Address queue, String sender) {
        String key = keys.sender(queue, sender);
        calls.with(Purpose.PUBLISHING).call(key, Command.DEL, key);
    }

    // ---- listening

    @Override
    public Opened open(Address queue, String session, Duration lease) {
        return open(List.of(queue), session, lease).get(0).get();
    }

    @Override
    public List<Answer<Opened>> open(List<Address> queues, String session, Duration lease) {
        return handling.open(queues, session, lease);
    }

    /** A blocking read over several streams needs them in one slot. */
    @Override
    public List<List<Address>> groups(List<Address> queues) {
        Map<Integer, List<Address>> bySlot = queues.stream()
                .collect(Collectors.groupingBy(
                        queue -> clustered ? JedisClusterCRC16.getSlot(keys.ready(queue)) : 0,
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<List<Address>> groups = new ArrayList<>();
        for (List<Address> all : bySlot.values()) {
            for (int from = 0; from < all.size(); from += CLAIMED_TOGETHER) {
                groups.add(List.copyOf(all.subList(from, Math.min(all.size(), from + CLAIMED_TOGETHER))));
            }
        }
        return groups;
    }

    @Override
    public String node(Address queue) {
        try {
            return clustered ? connections.route(keys.ready(queue)).node().toString() : "";
        } catch (StoreException e) {
            return ""; // not known now; whoever needs it for more than thrift is told there
        }
    }

    @Override
    public ClaimSource claims(List<Address> queues) {
        return new RedisClaims(connections, keys, queues, homes);
    }

    @Override
    public SettleReply settle(SettleBatch batch) {
        return handling.settle(batch);
    }

    @Override
    public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
        return sweep(List.of(new Beat(queue, session, cursor)), lease).get(0).get();
    }

    @Override
    public List<Answer<Sweep>> sweep(List<Beat> beats, Duration lease) {
        return handling.sweep(beats, lease);
    }

    @Override
    public Takeover takeOver(Address queue, String session, TakeoverMode mode) {
        return takeOver(List.of(new Seat(queue, session)), mode).get(0).get();
    }

    @Override
    public List<Answer<Takeover>> takeOver(List<Seat> seats, TakeoverMode mode) {
        return handling.takeOver(seats, mode);
    }

    @Override
    public Promotion promote(Address queue) {
        return promote(List.of(queue)).get(0).get();
    }

    @Override
    public List<Answer<Promotion>> promote(List<Address> queues) {
        return handling.promote(queues);
    }

    @Override
    public ChannelSource<Address> hints(List<Address> queues) {
        Map<String, Address> byWake = new LinkedHashMap<>();
        queues.forEach(queue -> byWake.put(keys.wake(queue), queue));
        return new RedisChannels<>(connections, List.copyOf(byWake.keySet()), false, byWake::get);
    }

    // ---- looking and mending

    @Override
    public List<String> queues() {
        return inspection.queues();
    }

    @Override
    public QueueInfo info(Address queue) {
        return inspection.info(queue);
    }

    @Override
    public List<Buried> dead(Address queue, @Nullable String after, int limit) {
        return inspection.dead(queue, after, limit);
    }

    @Override
    public @Nullable Buried findDead(Address queue, String idOrPosition) {
        return inspection.findDead(queue, idOrPosition);
    }

    @Override
    public int revive(Address queue, Collection<String> positions) {
        return inspection.revive(queue, positions);
    }

    @Override
    public int discard(Address queue, Collection<String> positions) {
        return inspection.discard(queue, positions);
    }

    @Override
    public List<ServerFacts> examine() {
        return servers.examine();
    }

    @Override
    public QueueFacts examine(Address queue) {
        return queues.examine(queue);
    }

    @Override
    public long writeOff(Address queue) {
        return queues.writeOff(queue);
    }

    @Override
    public void drop(Address queue) {
        registry.doubt(queue.name());
        inspection.drop(queue);
    }

    // ---- channels

    @Override
    public long broadcast(String channel, byte[] body) {
        Object reply = calls.with(Purpose.CHANNELS).call(channel, Command.PUBLISH, channel, body);
        return reply instanceof Long receivers ? receivers : 0;
    }

    @Override
    public ChannelSource<String> listen(String channelOrPattern, boolean pattern) {
        return new RedisChannels<>(connections, List.of(channelOrPattern), pattern, UnaryOperator.identity());
    }

    @Override
    public void close() {
        calls.close();
        connections.close();
    }
}
