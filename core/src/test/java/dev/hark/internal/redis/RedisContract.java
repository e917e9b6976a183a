package dev.hark.internal.redis;

import dev.hark.internal.engine.QueueDriver;
import dev.hark.internal.engine.StoreContract;
import dev.hark.internal.redis.scripts.Keys;

/** What the tests that only Redis can be asked see of the test that they run in. */
interface RedisContract extends StoreContract {

    @Override
    RedisRig rig();

    /** A queue whose messages a test loses on purpose. */
    default QueueDriver unguarded(String suffix) {
        return new QueueDriver(rig(), queue().name() + suffix);
    }

    default Keys keys() {
        return rig().keys();
    }

    /** Entries in the stream of a queue, settled ones that are not yet trimmed among them. */
    default long length(QueueDriver queue) {
        return rig().number(redis.clients.jedis.Protocol.Command.XLEN, keys().ready(queue.address()));
    }
}
