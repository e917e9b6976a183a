package dev.hark.internal.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Plain channels. See {@link Store} for what holds for all of it. */
public interface ChannelStore {

    /** Publishes to whoever listens now; says how many of them this server knows. */
    long broadcast(String channel, byte[] body);

    /** Subscribes to a channel, or to all that match a pattern; subscribed when it returns. */
    ChannelSource<String> listen(String channelOrPattern, boolean pattern);

    /**
     * What arrives on channels that are called by a {@code C}. Read by one thread; may be closed by another, which ends a
     * wait with an exception.
     */
    interface ChannelSource<C> extends AutoCloseable {

        /** No longer than this passes between two messages or signs of life; one that is silent for longer is lost. */
        Duration SILENCE = Duration.ofSeconds(10);

        /** Waits for the next message; null every few seconds as a sign of life. Throws when the connection is lost. */
        @Nullable
        Heard<C> next();

        @Override
        void close();
    }

    /** One message of a channel. */
    record Heard<C>(C channel, byte[] body) {}
}
