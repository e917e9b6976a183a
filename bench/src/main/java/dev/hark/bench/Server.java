package dev.hark.bench;

import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.JedisURIHelper;

/** The server under test, as the harness sees it beside the contenders. */
final class Server implements AutoCloseable {

    private final String url;
    private final Connection connection;
    private final Meter meter;

    Server(String url) {
        this.url = url;
        connection = connect(url);
        meter = new Meter(connection);
    }

    static Connection connect(String url) {
        URI uri = URI.create(url);
        return new Connection(
                new HostAndPort(uri.getHost(), uri.getPort() < 0 ? 6379 : uri.getPort()),
                DefaultJedisClientConfig.builder()
                        .resp2()
                        .socketTimeoutMillis(60_000)
                        .user(JedisURIHelper.getUser(uri))
                        .password(uri.getUserInfo() == null ? null : JedisURIHelper.getPassword(uri))
                        .database(JedisURIHelper.getDBIndex(uri))
                        .build());
    }

    Meter meter() {
        return meter;
    }

    /** Which server this is. */
    String description() {
        return "Redis " + info("server", "redis_version");
    }

    /** How much memory it uses, in bytes. */
    long memory() {
        return Long.parseLong(info("memory", "used_memory"));
    }

    /** How many commands clients send meanwhile, by MONITOR: the counters count those that scripts call as well. */
    long sentCommands(Duration meanwhile) {
        long end = System.nanoTime() + meanwhile.toNanos();
        long commands = 0;
        try (Connection monitor = connect(url)) {
            monitor.setSoTimeout((int) meanwhile.toMillis());
            monitor.sendCommand(Command.MONITOR);
            monitor.getStatusCodeReply();
            while (System.nanoTime() < end) {
                commands += monitor.getStatusCodeReply().contains(" lua] ") ? 0 : 1;
            }
        } catch (JedisConnectionException e) {
            if (!(e.getCause() instanceof SocketTimeoutException)) { // else nobody has sent anything for long
                throw e;
            }
        }
        return commands;
    }

    private String info(String section, String name) {
        byte[] info = (byte[]) connection.executeCommand(new CommandArguments(Command.INFO).add(section));
        return new String(info, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        connection.close();
    }
}
