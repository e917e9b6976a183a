package dev.hark.internal.memory;

import dev.hark.internal.engine.model.ModelConformance;
import dev.hark.internal.engine.model.ModelRig;

/** {@link MemoryStore} does what the model says. */
class MemoryModelTest extends ModelConformance {

    @Override
    protected ModelRig start() {
        return new MemoryModelRig();
    }
}
