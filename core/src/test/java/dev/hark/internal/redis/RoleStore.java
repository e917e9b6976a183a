package dev.hark.internal.redis;

import dev.hark.QueueSettings;
import dev.hark.admin.QueueInfo;
import dev.hark.admin.Role;
import dev.hark.internal.engine.Address;
import dev.hark.internal.engine.QueueFacts;
import dev.hark.internal.engine.ServerFacts;
import dev.hark.internal.engine.Store;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does each thing as the role with the fewest permissions that should be able to. */
final class RoleStore implements Store {

    private final Map<Role, RedisStore> stores = new EnumMap<>(Role.class);

    RoleStore(Function<Role, RedisStore> stores) {
        for (Role role : Role.values()) {
            this.stores.put(role, stores.apply(role));
        }
    }

    private RedisStore as(Role role) {
        return stores.get(role);
    }

    @Override
    public PublishReply publish(Batch batch, Runnable meanwhile) {
        return as(Role.PUBLISHER).publish(batch, meanwhile);
    }

    @Override
    public QueueSettings settings(Address queue) {
        return as(Role.PUBLISHER).settings(queue);
    }

    @Override
    public Configured configure(Address queue, QueueSettings settings, Owner owner) {
        return as(owner == Owner.OPERATOR ? Role.ADMIN : Role.PUBLISHER).configure(queue, settings, owner);
    }

    @Override
    public void retire(Address queue, String sender) {
        as(Role.PUBLISHER).retire(queue, sender);
    }

    @Override
    public Opened open(Address queue, String session, Duration lease) {
        return as(Role.WORKER).open(queue, session, lease);
    }

    @Override
    public List<List<Address>> groups(List<Address> queues) {
        return as(Role.WORKER).groups(queues);
    }

    @Override
    public ClaimSource claims(List<Address> queues) {
        return as(Role.WORKER).claims(queues);
    }

    @Override
    public SettleReply settle(SettleBatch batch) {
        return as(Role.WORKER).settle(batch);
    }

    @Override
    public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
        return as(Role.WORKER).sweep(queue, session, lease, cursor);
    }

    @Override
    public Takeover takeOver(Address queue, String session, TakeoverMode mode) {
        return as(Role.WORKER).takeOver(queue, session, mode);
    }

    @Override
    public Promotion promote(Address queue) {
        return as(Role.WORKER).promote(queue);
    }

    @Override
    public ChannelSource<Address> hints(List<Address> queues) {
        return as(Role.WORKER).hints(queues);
    }

    @Override
    public List<String> queues() {
        return as(Role.READER).queues();
    }

    @Override
    public QueueInfo info(Address queue) {
        return as(Role.READER).info(queue);
    }

    @Override
    public List<Buried> dead(Address queue, @Nullable String after, int limit) {
        return as(Role.READER).dead(queue, after, limit);
    }

    @Override
    public @Nullable Buried findDead(Address queue, String idOrPosition) {
        return as(Role.READER).findDead(queue, idOrPosition);
    }

    @Override
    public int revive(Address queue, Collection<String> positions) {
        return as(Role.ADMIN).revive(queue, positions);
    }

    @Override
    public int discard(Address queue, Collection<String> positions) {
        return as(Role.ADMIN).discard(queue, positions);
    }

    @Override
    public List<ServerFacts> examine() {
        return as(Role.READER).examine();
    }

    @Override
    public QueueFacts examine(Address queue) {
        return as(Role.READER).examine(queue);
    }

    @Override
    public long writeOff(Address queue) {
        return as(Role.ADMIN).writeOff(queue);
    }

    @Override
    public void drop(Address queue) {
        as(Role.ADMIN).drop(queue);
    }

    @Override
    public long broadcast(String channel, byte[] body) {
        return as(Role.PUBLISHER).broadcast(channel, body);
    }

    @Override
    public ChannelSource<String> listen(String channelOrPattern, boolean pattern) {
        return as(Role.READER).listen(channelOrPattern, pattern);
    }

    @Override
    public void close() {
        stores.values().forEach(RedisStore::close);
    }
}
