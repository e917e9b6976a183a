package dev.hark;

import dev.hark.error.InvalidInputException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which Redis, and how to reach it; immutable, each method returns a copy. {@link #of} reads all of it from a URL.
 *
 * @param place one server, one that sentinels name, or a cluster
 * @param login user and password, or null
 * @param database which database, 0 to 65535; a cluster has only 0
 * @param tls how connections are encrypted, or null for not at all
 * @param protocol the version of the protocol spoken, 2 or 3
 */
public record Redis(
        Place place,
        @Nullable Login login,
        int database,
        @Nullable Tls tls,
        int protocol) {

    /** Checks the values. */
    public Redis {
        Objects.requireNonNull(place);
        if (database < 0 || database > 65_535 || (database > 0 && place instanceof Place.Cluster)) {
            throw new InvalidInputException("database " + database + " is not allowed: it must be "
                    + (place instanceof Place.Cluster ? "0 in a cluster" : "between 0 and 65535"));
        }
        if (protocol != 2 && protocol != 3) {
            throw new InvalidInputException("protocol " + protocol + " is not allowed: it must be 2 or 3");
        }
    }

    /** Where messages are kept. */
    public sealed interface Place {

        /** One server. */
        record Single(Node node) implements Place {}

        /**
         * The server that sentinels name as the master.
         *
         * @param master under which name they know it
         * @param nodes the sentinels; one that answers is enough
         * @param login user and password of the sentinels, or null
         * @see <a href="https://redis.io/docs/latest/develop/reference/sentinel-clients/">Guidelines for clients</a>
         */
        record Sentinels(
                String master, List<Node> nodes, @Nullable Login login) implements Place {
            /** Checks the values. */
            public Sentinels {
                if (master.isBlank()) {
                    throw new InvalidInputException("the sentinels need the name under which they know the master");
                }
                nodes = some(nodes);
            }
        }

        /**
         * A Redis Cluster.
         *
         * @param nodes some of its nodes; one that answers is enough
         */
        record Cluster(List<Node> nodes) implements Place {
            /** Checks the values. */
            public Cluster {
                nodes = some(nodes);
            }
        }

        private static List<Node> some(List<Node> nodes) {
            if (nodes.isEmpty()) {
                throw new InvalidInputException("at least one host is needed");
            }
            return List.copyOf(nodes);
        }
    }

    /**
     * A server's address.
     *
     * @param host a name or an address
     * @param port 1 to 65535
     */
    public record Node(String host, int port) {
        /** Checks the values. */
        public Node {
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw new InvalidInputException(
                        "'" + host + ":" + port + "' is no address: it must be a host and a port of 1 to 65535");
            }
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * User and password. Shown without the password.
     *
     * @param user a user of an ACL, or null for the default one
     */
    public record Login(@Nullable String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    /**
     * Reads a URL: {@code redis://host:6379}, {@code redis-cluster://host:7000,host:7001},
     * {@code redis-sentinel://host:26379,host:26379?master=NAME}; with {@code rediss} for TLS. Before the hosts may stand
     * {@code user:password@}, after them {@code /database}, and parameters: {@code ca}, {@code cert} and {@code key}, PEM
     * files for TLS; {@code sentinelUser} and {@code sentinelPassword}; {@code protocol=3}. What has a meaning in URLs is
     * written as {@code %} and two digits.
     *
     * @throws InvalidInputException if it is none; says what is wrong, without the password
     */
    public static Redis of(String url) {
        return RedisUrl.read(url);
    }

    /** One server. */
    public static Redis single(String host, int port) {
        return at(new Place.Single(new Node(host, port)));
    }

    /**
     * The master that sentinels name.
     *
     * @param master under which name they know it
     * @param hosts the sentinels, each {@code name} or {@code name:port}; 26379 is the usual port
     */
    public static Redis sentinel(String master, String... hosts) {
        return at(new Place.Sentinels(master, nodes(26_379, hosts), null));
    }

    /**
     * A cluster.
     *
     * @param hosts some of its nodes, each {@code name} or {@code name:port}; 6379 is the usual port
     */
    public static Redis cluster(String... hosts) {
        return at(new Place.Cluster(nodes(6_379, hosts)));
    }

    private static Redis at(Place place) {
        return new Redis(place, null, 0, null, 2);
    }

    private static List<Node> nodes(int usual, String... hosts) {
        return Stream.of(hosts).map(host -> RedisUrl.node(host, usual)).toList();
    }

    /** With a user of an ACL, or null for the default one. */
    public Redis login(@Nullable String user, String password) {
        return new Redis(place, new Login(user, password), database, tls, protocol);
    }

    /** With a login for the sentinels themselves. */
    public Redis sentinelLogin(@Nullable String user, String password) {
        if (!(place instanceof Place.Sentinels(String master, List<Node> nodes, Login before))) {
            throw new InvalidInputException("a login for sentinels makes sense only where there are some");
        }
        return new Redis(new Place.Sentinels(master, nodes, new Login(user, password)), login, database, tls, protocol);
    }

    /** Another database than 0. */
    public Redis database(int database) {
        return new Redis(place, login, database, tls, protocol);
    }

    /** Encrypted; to sentinels, too. */
    public Redis tls(Tls tls) {
        return new Redis(place, login, database, Objects.requireNonNull(tls), protocol);
    }

    /** Speaks version 2 of the protocol unless set, or 3. Hark does the same over both. */
    public Redis protocol(int version) {
        return new Redis(place, login, database, tls, version);
    }
}
