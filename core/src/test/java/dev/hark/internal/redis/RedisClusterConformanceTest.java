package dev.hark.internal.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.redis.wire.Link;
import redis.clients.jedis.Protocol.Command;

/**
 * On a cluster of one node, which refuses a transition that touches keys of several slots. Only claims from several
 * queues at once are that.
 */
class RedisClusterConformanceTest extends RedisConformance {

    @Override
    ServerOptions options() {
        return ServerOptions.defaults().binary(Binary.bundled()).with("cluster-enabled", "yes");
    }

    @Override
    protected RedisRig start() {
        RedisRig rig = super.start();
        rig.call(Command.CLUSTER, "ADDSLOTSRANGE", 0, 16_383);
        await().until(() -> Link.text(rig.call(Command.CLUSTER, "INFO")).contains("cluster_state:ok"));
        return rig;
    }

    @Override
    public void severalQueuesTogetherGiveExactlyTheCount() {
        abort("queues lie in different slots");
    }

    @Override
    public void whoWaitsForSeveralQueuesIsToldOfWhatIsPublishedToAnyAndClaimsNothingMeanwhile() {
        abort("queues lie in different slots");
    }

    @Override
    public void whoCannotClaimPassesItOn() {
        abort("queues lie in different slots");
    }

    @Override
    public void whoIsToldOfMoreThanItClaimsWakesAnother() {
        abort("queues lie in different slots");
    }

    @Override
    public void inAnotherQueueThatIsClaimedTogetherMessagesAreFound() {
        abort("queues lie in different slots");
    }

    @Override
    public void aQueueThatCannotBeClaimedDoesNotStopOthers() {
        abort("queues lie in different slots");
    }
}
