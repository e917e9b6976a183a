package dev.hark.devserver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to start a {@link DevServer}. Immutable: each method with an argument returns a changed copy.
 *
 * @param binary which redis-server to run
 * @param port the TCP port on 127.0.0.1; 0 for a free one
 * @param dir where the server keeps its data; null for a temporary folder, deleted at the end
 * @param fsync keeps an append-only file, synced like this; null to do so only if {@code dir} is given
 * @param password what clients must give; null for none
 * @param config further lines of redis.conf, which win over all else
 */
public record ServerOptions(
        Binary binary,
        int port,
        @Nullable Path dir,
        @Nullable Fsync fsync,
        @Nullable String password,
        List<String> config) {

    private static final ServerOptions DEFAULTS = new ServerOptions(Binary.any(), 0, null, null, null, List.of());

    public ServerOptions {
        Objects.requireNonNull(binary, "binary");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("Port " + port + " is not between 0 (a free one) and 65535");
        }
        config = List.copyOf(config);
    }

    /** Any redis-server, on a free port, with nothing kept. */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    public ServerOptions binary(Binary binary) {
        return new ServerOptions(binary, port, dir, fsync, password, config);
    }

    public ServerOptions port(int port) {
        return new ServerOptions(binary, port, dir, fsync, password, config);
    }

    /** Keeps the data in this folder, which is created if missing and never deleted. */
    public ServerOptions dir(Path dir) {
        return new ServerOptions(binary, port, dir, fsync, password, config);
    }

    /** Keeps an append-only file, synced like this. */
    public ServerOptions appendOnly(Fsync fsync) {
        return new ServerOptions(binary, port, dir, fsync, password, config);
    }

    public ServerOptions password(String password) {
        return new ServerOptions(binary, port, dir, fsync, password, config);
    }

    /**
     * Adds a line of redis.conf.
     *
     * @param value as it would stand in redis.conf: with quotes where it holds spaces but is one argument
     * @throws IllegalArgumentException if it would be more than one line
     */
    public ServerOptions with(String name, String value) {
        String line = name + " " + value;
        if (line.lines().count() != 1) {
            throw new IllegalArgumentException("Not one line of redis.conf: " + line);
        }
        List<String> more = new ArrayList<>(config);
        more.add(line);
        return new ServerOptions(binary, port, dir, fsync, password, more);
    }

    /** What a redis-server reads as its redis.conf; given through stdin, so that no password shows in ps. */
    String redisConf(int actualPort, Path actualDir) {
        List<String> lines = new ArrayList<>();
        lines.add("port " + actualPort);
        lines.add("bind 127.0.0.1");
        lines.add("daemonize no");
        lines.add("save \"\"");
        lines.add("dir " + quoted(actualDir.toString()));
        if (fsync != null) {
            lines.add("appendonly yes");
            lines.add("appendfsync " + fsync.value());
        } else if (dir != null) {
            lines.add("appendonly yes");
        }
        if (password != null) {
            lines.add("requirepass " + quoted(password));
        }
        lines.addAll(config);
        return String.join("\n", lines) + "\n";
    }

    private static String quoted(String value) {
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    /** All but the password. */
    @Override
    public String toString() {
        return "ServerOptions[binary=" + binary + ", port=" + port + ", dir=" + dir + ", fsync=" + fsync + ", config="
                + config + "]";
    }
}
