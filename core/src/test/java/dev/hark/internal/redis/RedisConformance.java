package dev.hark.internal.redis;

import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.StoreConformance;

/** What every store does, and what only one on Redis can be asked, on one kind of server. */
abstract class RedisConformance extends StoreConformance
        implements RedisGroupContract,
                RedisTrimContract,
                RedisRefusalContract,
                RedisUpgradeContract,
                RedisMemoryContract,
                RedisExamineContract,
                RedisLayoutContract,
                RedisWaitContract {

    abstract ServerOptions options();

    @Override
    protected RedisRig start() {
        return new RedisRig(options());
    }

    @Override
    public RedisRig rig() {
        return (RedisRig) super.rig();
    }
}
