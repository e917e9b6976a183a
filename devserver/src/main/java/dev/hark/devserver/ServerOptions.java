package dev.hark.devserver;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * How to start a {@link DevServer}. Immutable: each method with an argument returns a changed copy.
 *
 * @param binary which redis-server to run
 * @param port the TCP port on 127.0.0.1; 0 for a free one
 * @param dir where the server keeps its data; null for a temporary folder, deleted at the end
 * @param fsync keeps an append-only file, synced like this; null to do so only if {@code dir} is given
 * @param password what clients must give, and what the server itself gives to a master; null for none
 * @param replicaOf the port of its master on 127.0.0.1; 0 for a server that is nobody's replica
 * @param tls speaks TLS and nothing else; null for no TLS
 * @param config further lines of redis.conf, which win over all else
 */
public record ServerOptions(
        Binary binary,
        int port,
        @Nullable Path dir,
        @Nullable Fsync fsync,
        @Nullable String password,
        int replicaOf,
        @Nullable Tls tls,
        List<String> config) {

    private static final ServerOptions DEFAULTS =
            new ServerOptions(Binary.any(), 0, null, null, null, 0, null, List.of());

    public ServerOptions {
        Objects.requireNonNull(binary, "binary");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("Port " + port + " is not between 0 (a free one) and 65535");
        }
        if (replicaOf < 0 || replicaOf > 65_535) {
            throw new IllegalArgumentException("The master's port " + replicaOf + " is not between 0 (none) and 65535");
        }
        config = List.copyOf(config);
    }

    /** Any redis-server, on a free port, with nothing kept. */
    public static ServerOptions defaults() {
        return DEFAULTS;
    }

    public ServerOptions binary(Binary binary) {
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, tls, config);
    }

    public ServerOptions port(int port) {
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, tls, config);
    }

    /** Keeps the data in this folder, which is created if missing and never deleted. */
    public ServerOptions dir(Path dir) {
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, tls, config);
    }

    /** Keeps an append-only file, synced like this. */
    public ServerOptions appendOnly(Fsync fsync) {
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, tls, config);
    }

    public ServerOptions password(String password) {
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, tls, config);
    }

    /**
     * Speaks TLS, and nothing else, with clients and other servers.
     *
     * @param clientCertificateRequired whether to turn away clients that show no certificate of the same authority
     */
    public ServerOptions tls(Certificates certificates, boolean clientCertificateRequired) {
        Tls fresh = new Tls(certificates, clientCertificateRequired);
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, fresh, config);
    }

    /** Follows the server on that port of 127.0.0.1, which asks for the same password or for none, and has TLS if this one has. */
    public ServerOptions replicaOf(int port) {
        return new ServerOptions(binary, this.port, dir, fsync, password, port, tls, config);
    }

    /**
     * Adds a line of redis.conf.
     *
     * @param value as it would stand in redis.conf: with quotes where it holds spaces but is one argument
     * @throws IllegalArgumentException if it would be more than one line
     */
    public ServerOptions with(String name, String value) {
        List<String> more = new ArrayList<>(config);
        more.add(Conf.line(name, value));
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, tls, more);
    }

    /** Adds a line that is a default: those that are there already win over it. */
    ServerOptions first(String name, String value) {
        List<String> more = new ArrayList<>(config);
        more.addFirst(Conf.line(name, value));
        return new ServerOptions(binary, port, dir, fsync, password, replicaOf, tls, more);
    }

    /** What a redis-server reads as its redis.conf; never on the command line, so that no password shows in ps. */
    String redisConf(int actualPort, Path actualDir) {
        List<String> lines = new ArrayList<>();
        lines.addAll(tls == null ? List.of("port " + actualPort) : tls.lines(actualPort));
        lines.add("bind 127.0.0.1");
        lines.add("daemonize no");
        lines.add("save \"\"");
        lines.add("dir " + Conf.quoted(actualDir.toString()));
        if (fsync != null) {
            lines.add("appendonly yes");
            lines.add("appendfsync " + fsync.value());
        } else if (dir != null) {
            lines.add("appendonly yes");
        }
        if (password != null) {
            lines.add("requirepass " + Conf.quoted(password));
            lines.add("masterauth " + Conf.quoted(password));
        }
        // A replica is in sync at once: its master does not wait five seconds for others that may come too.
        lines.add("repl-diskless-sync yes");
        lines.add("repl-diskless-sync-delay 0");
        if (replicaOf != 0) {
            lines.add("replicaof 127.0.0.1 " + replicaOf);
        }
        lines.addAll(config);
        return String.join("\n", lines) + "\n";
    }

    SocketFactory sockets() {
        return tls == null ? SocketFactory.getDefault() : tls.certificates().sockets();
    }

    /** How a URL begins. */
    String scheme() {
        return tls == null ? "redis" : "rediss";
    }

    /** What stands before the host in a URL. */
    String userInfo() {
        return password == null
                ? ""
                : ":" + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20") + "@";
    }

    /** All but the password. */
    @Override
    public String toString() {
        return "ServerOptions[binary=" + binary + ", port=" + port + ", dir=" + dir + ", fsync=" + fsync
                + ", replicaOf=" + replicaOf + ", tls=" + (tls != null) + ", config=" + config + "]";
    }
}
