package dev.hark.internal.engine.listen;

import dev.hark.Health;
import dev.hark.event.Event;
import dev.hark.internal.engine.ChannelStore;
import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ChannelStore.Heard;
import dev.hark.internal.engine.Deadline;
import dev.hark.internal.engine.Env;
import dev.hark.internal.engine.Loop;
import dev.hark.internal.engine.StoreException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One subscription at work: reads messages and calls the handler with one after the other; subscribes again when lost. */
public final class ChannelLoop {

    /** How often it is looked whether a handler ends the JVM, or the deadline has come nearer. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** The user's function. */
    public interface Ear {
        /** Takes one message. */
        void hear(String channel, byte[] body) throws Exception;
    }

    private final String channel;
    private final boolean pattern;
    private final Ear ear;
    private final ChannelStore store;
    private final Env env;
    private final Loop loop;
    private volatile @Nullable ChannelSource<String> source;
    private volatile long polledAt;

    /** Prepares; nothing is sent yet. */
    public ChannelLoop(String channelOrPattern, boolean pattern, Ear ear, ChannelStore store, Env env) {
        this.channel = channelOrPattern;
        this.pattern = pattern;
        this.ear = ear;
        this.store = store;
        this.env = env;
        loop = new Loop("hearing channel " + channelOrPattern, ChannelSource.SILENCE, this::step, env);
    }

    /** Subscribes and starts; throws {@link StoreException} if that fails, and then nothing runs. */
    public void start() {
        source = store.listen(channel, pattern);
        polledAt = env.nanos().getAsLong();
        loop.start();
    }

    private Duration step() {
        ChannelSource<String> from = source;
        if (from == null) {
            // the round ends with being connected again, since a message may be long in coming
            source = from = store.listen(channel, pattern);
            polledAt = env.nanos().getAsLong();
            if (loop.stopped()) {
                from.close(); // close() may have looked for it just before
            }
            return Duration.ZERO;
        }
        Heard<String> heard;
        try {
            heard = from.next();
        } catch (StoreException e) {
            source = null;
            from.close();
            throw e;
        }
        polledAt = env.nanos().getAsLong();
        if (heard != null) {
            call(heard);
        }
        return Duration.ZERO;
    }

    private void call(Heard<String> heard) {
        try {
            ear.hear(heard.channel(), heard.body());
        } catch (Throwable e) { // no handler ends a subscription
            env.events().accept(new Event.ChannelHandlerFailed(heard.channel(), e));
        }
    }

    /** How long ago the subscription last gave a sign of life. */
    public Duration sincePoll() {
        return env.since(polledAt);
    }

    /** Of its loop. */
    public Health health() {
        return new Health(sincePoll(), List.of(loop.health()));
    }

    /** Unsubscribes, and waits for the handler that runs until the deadline, which may come nearer meanwhile. */
    public void close(Deadline deadline) {
        loop.stop();
        ChannelSource<String> from = source;
        if (from != null) {
            from.close();
        }
        Duration left;
        do {
            left = deadline.left();
        } while (!loop.join(left.compareTo(LOOK) < 0 ? left : LOOK) && left.compareTo(LOOK) > 0 && !loop.exits());
    }
}
