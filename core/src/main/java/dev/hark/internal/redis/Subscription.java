package dev.hark.internal.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;

/** A connection in subscribed state: one thread reads, another only sends PING or cuts it. */
final class Subscription extends Connection {

    Subscription(HostAndPort address, JedisClientConfig config) {
        super(address, config);
    }

    void subscribe(List<String> channels, boolean patterns) {
        CommandArguments command = new CommandArguments(patterns ? Command.PSUBSCRIBE : Command.SUBSCRIBE);
        channels.forEach(command::add);
        sendCommand(command);
        flush();
    }

    void sendPing() {
        sendCommand(new CommandArguments(Command.PING));
        flush();
    }

    /** In version 3 of the protocol a PONG is no list. */
    List<Object> read() {
        Object read = getUnflushedObject();
        return read instanceof List<?> ? Link.list(read) : List.of(read);
    }

    void cut() {
        try {
            forceDisconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
