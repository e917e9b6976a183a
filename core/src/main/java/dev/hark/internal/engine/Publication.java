package dev.hark.internal.engine;

import dev.hark.internal.engine.message.Meta;

/**
 * One message on its way into the store.
 *
 * @param due when it may be handed out
 * @param meta type, key and headers, as {@link Meta} writes them; empty for none
 * @param body its bytes
 */
public record Publication(Due due, String meta, byte[] body) {

    /** When a message may be handed out. */
    public sealed interface Due {
        /** At once. */
        record Now() implements Due {}

        /** This long after the store accepted it. */
        record After(long millis) implements Due {}

        /** At a point in time, by the store's clock. */
        record At(long epochMillis) implements Due {}
    }

    /** At once. */
    public static final Due NOW = new Due.Now();

    public int bytes() {
        return body.length + meta.length() + 32;
    }
}
