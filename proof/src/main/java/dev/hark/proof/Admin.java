package dev.hark.proof;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
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

    /** Replies as Redis sends them: Long, byte[], List or null. */
    @Nullable
    Object call(String command, Object... args) {
        return connection.executeCommand(
                new CommandArguments(() -> command.getBytes(StandardCharsets.UTF_8)).addObjects(args));
    }

    static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    /** Removes all keys of a prefix, and no others. */
    void remove(String prefix) {
        String cursor = "0";
        do {
            if (!(call("SCAN", cursor, "MATCH", prefix + ":*", "COUNT", 1_000) instanceof List<?> page)) {
                throw new IllegalStateException("SCAN is answered in another way than Redis does");
            }
            cursor = text(page.get(0));
            for (Object key : (List<?>) page.get(1)) {
                call("UNLINK", key);
            }
        } while (!cursor.equals("0"));
    }

    @Override
    public void close() {
        connection.close();
    }
}
