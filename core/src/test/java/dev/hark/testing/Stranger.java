package dev.hark.testing;

import dev.hark.devserver.DevServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;

/** Speaks to a Redis in plain commands, as a program without Hark does. Replies: Long, String, List or null. */
public final class Stranger implements AutoCloseable {

    private final Connection connection;

    public Stranger(DevServer server) {
        connection = new Connection(new HostAndPort("127.0.0.1", server.port()));
    }

    public synchronized @Nullable Object call(String command, Object... args) {
        CommandArguments all = new CommandArguments(() -> command.getBytes(StandardCharsets.UTF_8));
        for (Object arg : args) {
            if (arg instanceof byte[] bytes) {
                all.add(bytes);
            } else {
                all.add(String.valueOf(arg));
            }
        }
        return readable(connection.executeCommand(all));
    }

    public long number(String command, Object... args) {
        return Long.parseLong(text(command, args));
    }

    public String text(String command, Object... args) {
        return String.valueOf(call(command, args));
    }

    public List<?> list(String command, Object... args) {
        return call(command, args) instanceof List<?> list ? list : List.of();
    }

    /** The names of all keys. */
    public List<String> keys() {
        return list("KEYS", "*").stream().map(String::valueOf).sorted().toList();
    }

    /** The entries that a session holds, by XPENDING. */
    public List<String> pending(String stream, String session) {
        return list("XPENDING", stream, "hark", "-", "+", 100_000, session).stream()
                .map(one -> String.valueOf(((List<?>) one).get(0)))
                .toList();
    }

    /** How many connections there are beside this one. */
    public long others() {
        return text("CLIENT", "LIST").lines().count() - 1;
    }

    private static @Nullable Object readable(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (reply instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(one -> all.add(readable(one)));
            return all;
        }
        return reply;
    }

    @Override
    public void close() {
        connection.close();
    }
}
