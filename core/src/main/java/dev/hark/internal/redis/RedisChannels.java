package dev.hark.internal.redis;

import dev.hark.internal.engine.ChannelStore.ChannelSource;
import dev.hark.internal.engine.ChannelStore.Heard;
import dev.hark.internal.redis.wire.Connections;
import dev.hark.internal.redis.wire.Link;
import dev.hark.internal.redis.wire.Pings;
import dev.hark.internal.redis.wire.RedisErrors;
import dev.hark.internal.redis.wire.Subscription;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A subscription on a connection of its own. A PING every few seconds keeps replies coming: when none comes in twice that
 * time, the connection is half-open and given up.
 */
final class RedisChannels<C> implements ChannelSource<C> {

    private final Subscription subscription;
    private final String server;
    private final Function<String, C> named;
    private final Future<?> pings;
    private final Queue<Heard<C>> early = new ArrayDeque<>(0); // owned by the reader

    RedisChannels(Connections connections, List<String> channels, boolean patterns, Function<String, C> named) {
        this.named = named;
        subscription = connections.openSubscription(channels.get(0));
        server = connections.shown(subscription.getHostAndPort());
        try {
            subscription.setSoTimeout((int) Pings.EVERY.multipliedBy(2).toMillis());
            subscription.subscribe(channels, patterns);
            for (int confirmed = 0; confirmed < channels.size(); ) {
                List<Object> reply = subscription.read();
                Heard<C> heard = heard(reply);
                if (heard != null) {
                    early.add(heard);
                } else {
                    confirmed++;
                }
            }
            pings = connections.pings().start(subscription);
        } catch (JedisException e) {
            subscription.cut();
            throw RedisErrors.of(e, server);
        }
    }

    @Override
    public @Nullable Heard<C> next() {
        Heard<C> first = early.poll();
        if (first != null) {
            return first;
        }
        try {
            return heard(subscription.read());
        } catch (JedisException e) {
            throw RedisErrors.of(e, server);
        }
    }

    private @Nullable Heard<C> heard(List<Object> reply) {
        return switch (Link.text(reply.get(0))) {
            case "message" -> new Heard<>(named.apply(Link.text(reply.get(1))), (byte[]) reply.get(2));
            case "pmessage" -> new Heard<>(named.apply(Link.text(reply.get(2))), (byte[]) reply.get(3));
            default -> null;
        };
    }

    @Override
    public void close() {
        pings.cancel(false);
        subscription.cut();
    }
}
