package dev.hark.internal.engine;

import dev.hark.QueueSettings;
import dev.hark.admin.QueueInfo;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store that refuses everything; a test overrides what it is about. */
public class StubStore implements Store {

    private static UnsupportedOperationException unexpected() {
        return new UnsupportedOperationException("not expected in this test");
    }

    @Override
    public PublishReply publish(Batch batch, Runnable meanwhile) {
        throw unexpected();
    }

    @Override
    public QueueSettings settings(Address queue) {
        return QueueSettings.NONE;
    }

    @Override
    public Configured configure(Address queue, QueueSettings settings, Owner owner) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void retire(Address queue, String sender) {
        throw unexpected();
    }

    @Override
    public Opened open(Address queue, String session, Duration lease) {
        throw unexpected();
    }

    @Override
    public List<List<Address>> groups(List<Address> queues) {
        return List.of(queues);
    }

    @Override
    public ClaimSource claims(List<Address> queues) {
        throw unexpected();
    }

    @Override
    public SettleReply settle(SettleBatch batch) {
        throw unexpected();
    }

    @Override
    public Sweep sweep(Address queue, String session, Duration lease, String cursor) {
        throw unexpected();
    }

    @Override
    public Takeover takeOver(Address queue, String session, TakeoverMode mode) {
        throw unexpected();
    }

    @Override
    public Promotion promote(Address queue) {
        throw unexpected();
    }

    @Override
    public ChannelSource<Address> hints(List<Address> queues) {
        throw unexpected();
    }

    @Override
    public List<String> queues() {
        throw unexpected();
    }

    @Override
    public QueueInfo info(Address queue) {
        throw unexpected();
    }

    @Override
    public List<Buried> dead(Address queue, @Nullable String after, int limit) {
        throw unexpected();
    }

    @Override
    public @Nullable Buried findDead(Address queue, String idOrPosition) {
        throw unexpected();
    }

    @Override
    public int revive(Address queue, Collection<String> positions) {
        throw unexpected();
    }

    @Override
    public int discard(Address queue, Collection<String> positions) {
        throw unexpected();
    }

    @Override
    public List<ServerFacts> examine() {
        throw unexpected();
    }

    @Override
    public QueueFacts examine(Address queue) {
        throw unexpected();
    }

    @Override
    public long writeOff(Address queue) {
        throw unexpected();
    }

    @Override
    public void drop(Address queue) {
        throw unexpected();
    }

    @Override
    public long broadcast(String channel, byte[] body) {
        throw unexpected();
    }

    @Override
    public ChannelSource<String> listen(String channelOrPattern, boolean pattern) {
        throw unexpected();
    }

    @Override
    public void close() {}
}
