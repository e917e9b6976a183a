package dev.hark.bench.peers;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * The floor, as in {@code hark bench --floor}: pipelined XADD of bytes prepared beforehand; XREADGROUP COUNT 256; XACK
 * and XDEL in one pipeline.
 */
final class FloorPeer implements Peer {

    private static final String STREAM = "hark-bench-peers-floor";
    private static final int BATCH = 256;

    private final Connection connection;
    private final byte[] prepared = Order.of(1).writeBytes();

    FloorPeer(String url) {
        URI uri = URI.create(url);
        connection = new Connection(
                JedisURIHelper.getHostAndPort(uri),
                DefaultJedisClientConfig.builder()
                        .resp2()
                        .socketTimeoutMillis(60_000)
                        .user(JedisURIHelper.getUser(uri))
                        .password(JedisURIHelper.getPassword(uri))
                        .database(JedisURIHelper.getDBIndex(uri))
                        .build());
    }

    @Override
    public Duration publish(int messages) {
        connection.executeCommand(
                new CommandArguments(Command.XGROUP).addObjects("CREATE", STREAM, "g", "0", "MKSTREAM"));
        Stopwatch watch = new Stopwatch();
        for (int from = 0; from < messages; from += BATCH) {
            int n = Math.min(BATCH, messages - from);
            for (int i = 0; i < n; i++) {
                connection.sendCommand(new CommandArguments(Command.XADD)
                        .add(STREAM)
                        .add("*")
                        .add("body")
                        .add(prepared));
            }
            connection.getMany(n);
        }
        return watch.elapsed();
    }

    @Override
    public Duration drain(int messages) {
        Stopwatch watch = new Stopwatch();
        for (int handled = 0; handled < messages; ) {
            Object reply = connection.executeCommand(new CommandArguments(Command.XREADGROUP)
                    .addObjects("GROUP", "g", "c", "COUNT", BATCH, "STREAMS", STREAM, ">"));
            List<?> entries = reply == null ? List.of() : entriesOf(reply);
            handled += Chunks.atLeastOne(entries.size(), handled, messages);
            handle(entries);
        }
        return watch.elapsed();
    }

    private static List<?> entriesOf(Object reply) {
        return (List<?>) ((List<?>) ((List<?>) reply).get(0)).get(1);
    }

    private void handle(List<?> entries) {
        CommandArguments ack = new CommandArguments(Command.XACK).add(STREAM).add("g");
        CommandArguments delete = new CommandArguments(Command.XDEL).add(STREAM);
        for (Object entry : entries) {
            List<?> pair = (List<?>) entry;
            Order.read((byte[]) ((List<?>) pair.get(1)).get(1)).handle();
            ack.add((byte[]) pair.get(0));
            delete.add((byte[]) pair.get(0));
        }
        connection.sendCommand(ack);
        connection.sendCommand(delete);
        connection.getMany(2);
    }

    @Override
    public void clear() {
        connection.executeCommand(new CommandArguments(Command.DEL).add(STREAM));
    }

    @Override
    public void close() {
        clear();
        connection.close();
    }
}
