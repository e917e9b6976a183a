package dev.hark.internal.redis.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A connection in subscribed state: one thread reads, another only sends PING or cuts it. */
public final class Subscription extends Connection {

    private boolean connected; // once, and with no initial value here: connecting begins before this class does

    Subscription(HostAndPort address, JedisClientConfig config) {
        super(address, config);
    }

    /** Not a second time: whoever sends just as it is cut would connect it again. */
    @Override
    public void connect() {
        if (connected && !isConnected()) {
            throw new JedisConnectionException("the subscription was cut");
        }
        if (!connected) {
            super.connect();
            connected = true;
        }
    }

    public void subscribe(List<String> channels, boolean patterns) {
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
    public List<Object> read() {
        Object read = getUnflushedObject();
        return read instanceof List<?> ? Link.list(read) : List.of(read);
    }

    public void cut() {
        try {
            forceDisconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
