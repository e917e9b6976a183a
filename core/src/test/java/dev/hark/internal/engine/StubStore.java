package dev.hark.internal.engine;

import dev.hark.QueueInfo;
import dev.hark.QueueSettings;
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
    public QueueSettings settings(String queue) {
        return QueueSettings.NONE;
    }

    @Override
    public Configured configure(String queue, QueueSettings settings, Owner owner) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void retire(String queue, String sender) {
        throw unexpected();
    }

    @Override
    public Opened open(String queue, String session, Duration lease) {
        throw unexpected();
    }

    @Override
    public List<List<String>> groups(List<String> queues) {
        return List.of(queues);
    }

    @Override
    public ClaimSource claims(List<String> queues) {
        throw unexpected();
    }

    @Override
    public SettleReply settle(SettleBatch batch) {
        throw unexpected();
    }

    @Override
    public Sweep sweep(String queue, String session, Duration lease, String cursor) {
        throw unexpected();
    }

    @Override
    public Takeover takeOver(String queue, String session, TakeoverMode mode) {
        throw unexpected();
    }

    @Override
    public Promotion promote(String queue) {
        throw unexpected();
    }

    @Override
    public ChannelSource hints(List<String> queues) {
        throw unexpected();
    }

    @Override
    public List<String> queues() {
        throw unexpected();
    }

    @Override
    public QueueInfo info(String queue) {
        throw unexpected();
    }

    @Override
    public List<Buried> dead(String queue, @Nullable String after, int limit) {
        throw unexpected();
    }

    @Override
    public @Nullable Buried findDead(String queue, String idOrPosition) {
        throw unexpected();
    }

    @Override
    public int revive(String queue, Collection<String> positions) {
        throw unexpected();
    }

    @Override
    public int discard(String queue, Collection<String> positions) {
        throw unexpected();
    }

    @Override
    public List<ServerFacts> examine() {
        throw unexpected();
    }

    @Override
    public QueueFacts examine(String queue) {
        throw unexpected();
    }

    @Override
    public long writeOff(String queue) {
        throw unexpected();
    }

    @Override
    public void drop(String queue) {
        throw unexpected();
    }

    @Override
    public long broadcast(String channel, byte[] body) {
        throw unexpected();
    }

    @Override
    public ChannelSource listen(String channelOrPattern, boolean pattern) {
        throw unexpected();
    }

    @Override
    public void close() {}
}
