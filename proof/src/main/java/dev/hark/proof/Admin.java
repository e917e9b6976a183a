package dev.hark.proof;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.util.JedisURIHelper;

/** The server under test, past all proxies, in plain commands. */
final class Admin implements AutoCloseable {

    private static final int PORT = 6379;

    private final Connection connection;

    Admin(URI url) {
        DefaultJedisClientConfig.Builder config =
                DefaultJedisClientConfig.builder().resp2().database(JedisURIHelper.getDBIndex(url));
        if (secure(url)) {
            config.sslOptions(SslOptions.defaults());
        }
        if (url.getUserInfo() != null) {
            config.user(JedisURIHelper.getUser(url)).password(JedisURIHelper.getPassword(url));
        }
        connection = new Connection(new HostAndPort(url.getHost(), port(url)), config.build());
    }

    static boolean secure(URI url) {
        return JedisURIHelper.isRedisSSLScheme(url);
    }

    static int port(URI url) {
        return url.getPort() < 0 ? PORT : url.getPort();
    }

    /** A line of INFO, such as {@code aof_current_size}; empty if it is not there. */
    String info(String section, String name) {
        byte[] info = (byte[]) connection.executeCommand(new CommandArguments(Command.INFO).add(section));
        return new String(info, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** Removes all keys of a prefix, and no others. */
    void remove(String prefix) {
        String cursor = "0";
        do {
            List<?> page = (List<?>) connection.executeCommand(new CommandArguments(Command.SCAN)
                    .add(cursor)
                    .add("MATCH")
                    .add(prefix + ":*")
                    .add("COUNT")
                    .add(1_000));
            cursor = new String((byte[]) page.get(0), StandardCharsets.UTF_8);
            for (Object key : (List<?>) page.get(1)) {
                connection.executeCommand(new CommandArguments(Command.UNLINK).add((byte[]) key));
            }
        } while (!cursor.equals("0"));
    }

    @Override
    public void close() {
        connection.close();
    }
}
