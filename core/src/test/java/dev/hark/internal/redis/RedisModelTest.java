package dev.hark.internal.redis;

import dev.hark.devserver.Binary;
import dev.hark.devserver.ServerOptions;
import dev.hark.internal.engine.model.ModelConformance;
import dev.hark.internal.engine.model.ModelRig;

/** The scripts do what the model says. */
class RedisModelTest extends ModelConformance {

    @Override
    protected ModelRig start() {
        // nodes so small that there is always one to trim
        return new RedisModelRig(
                ServerOptions.defaults().binary(Binary.bundled()).with("stream-node-max-entries", "10"));
    }
}
