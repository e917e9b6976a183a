package dev.hark.simulation;

import dev.hark.internal.engine.StoreException;

/** Where the answer to a request goes. */
interface Reply<R> {

    /** Nobody waits any more. */
    static <R> Reply<R> ignored() {
        return new Reply<>() {
            @Override
            public void gives(R result) {}

            @Override
            public void fails(StoreException failure) {}
        };
    }

    void gives(R result);

    void fails(StoreException failure);
}
