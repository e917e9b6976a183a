package dev.hark.internal.memory;

import dev.hark.internal.engine.StoreConformance;
import dev.hark.internal.engine.StoreRig;

/** {@link MemoryStore} does what every store does. */
class MemoryStoreTest extends StoreConformance {

    @Override
    protected StoreRig start() {
        return new MemoryRig();
    }
}
