package dev.hark.proof;

import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisBusyException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.JedisURIHelper;

/** The server under test, past all proxies, in plain commands. */
final class Admin implements AutoCloseable {

    private static final int PORT = 6379;
    private static final int PATIENCE_MILLIS = 60_000; // Redis may be busy with what is done to it

    private final Connection connection;

    Admin(URI url) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .socketTimeoutMillis(PATIENCE_MILLIS)
                .database(JedisURIHelper.getDBIndex(url));
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
        CommandArguments all = new CommandArguments(() -> command.getBytes(StandardCharsets.UTF_8)).addObjects(args);
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (true) {
            try {
                return connection.executeCommand(all);
            } catch (JedisBusyException e) { // with a script that should not take so long
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
        }
    }

    /** Sends nothing, and waits until the server closes the connection; says whether it did. */
    boolean awaitClosed() {
        try {
            connection.getUnflushedObject();
            return false;
        } catch (JedisConnectionException e) {
            return !(e.getCause() instanceof SocketTimeoutException);
        }
    }

    static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    /** Removes all keys of a prefix, and no others. */
    void remove(String prefix) {
        keys(prefix + ":*").forEach(key -> call("UNLINK", key));
    }

    /** The keys that match a pattern. */
    Set<String> keys(String pattern) {
        Set<String> keys = new TreeSet<>();
        String cursor = "0";
        do {
            if (!(call("SCAN", cursor, "MATCH", pattern, "COUNT", 1_000) instanceof List<?> page)) {
                throw new IllegalStateException("SCAN is answered in another way than Redis does");
            }
            cursor = text(page.get(0));
            for (Object key : (List<?>) page.get(1)) {
                keys.add(text(key));
            }
        } while (!cursor.equals("0"));
        return keys;
    }

    @Override
    public void close() {
        connection.close();
    }
}
