package dev.hark;

import dev.hark.Redis.Login;
import dev.hark.Redis.Node;
import dev.hark.Redis.Place;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads URLs of a {@link Redis}. No message shows what stands before the host, or in a parameter. */
final class RedisUrl {

    private static final Set<String> OF_TLS = Set.of("ca", "cert", "key");
    private static final Set<String> OF_SENTINELS = Set.of("master", "sentinelUser", "sentinelPassword");

    private final String shown;

    private RedisUrl(String shown) {
        this.shown = shown;
    }

    static Redis read(String url) {
        return new RedisUrl(mask(url)).parse(url);
    }

    private Redis parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            // the cause would show the password
            throw new InvalidInputException("'" + shown + "' is no URL; write redis://host:6379");
        }
        String scheme = String.valueOf(uri.getScheme());
        boolean secure = scheme.startsWith("rediss");
        String kind = scheme.replaceFirst("^rediss", "redis");
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        if (url.contains("@") && !authority.contains("@")) { // else part of the password would be taken for a host
            throw wrong("has '#', '?' or '/' before the host, or '@' behind it; write them as %23, %3F, %2F and %40");
        }
        String hosts = authority.substring(authority.lastIndexOf('@') + 1);
        Map<String, String> parameters = parameters(uri.getRawQuery());
        Place place = switch (kind) {
            case "redis" -> new Place.Single(node(onlyOne(hosts)));
            case "redis-sentinel" ->
                new Place.Sentinels(
                        needed(parameters),
                        nodes(hosts, 26_379),
                        login(parameters.remove("sentinelUser"), parameters.remove("sentinelPassword")));
            case "redis-cluster" -> new Place.Cluster(nodes(hosts, 6_379));
            default ->
                throw wrong("must begin with redis://, redis-sentinel:// or redis-cluster://, or with rediss for TLS");
        };
        Tls tls = secure ? tls(parameters) : null;
        int protocol = protocol(parameters.remove("protocol"));
        for (String unknown : parameters.keySet()) {
            throw wrong(
                    OF_TLS.contains(unknown)
                            ? "has '" + unknown + "', which needs rediss"
                            : OF_SENTINELS.contains(unknown)
                                    ? "has '" + unknown + "', which needs redis-sentinel"
                                    : "has an unknown parameter '" + unknown + "'");
        }
        try {
            return new Redis(place, login(authority), database(uri.getRawPath()), tls, protocol);
        } catch (InvalidInputException e) {
            throw wrong("is not allowed: " + e.getMessage());
        }
    }

    private String onlyOne(String hosts) {
        if (hosts.contains(",")) {
            throw wrong("names several hosts; write redis-cluster:// for a cluster, redis-sentinel:// for sentinels");
        }
        return hosts;
    }

    private Node node(String host) {
        return nodes(host, 6_379).get(0);
    }

    private List<Node> nodes(String hosts, int usual) {
        if (hosts.isEmpty()) {
            throw wrong("names no host; write redis://host:6379");
        }
        try {
            return Stream.of(hosts.split(",", -1))
                    .map(host -> node(host, usual))
                    .toList();
        } catch (InvalidInputException e) {
            throw wrong("is not allowed: " + e.getMessage());
        }
    }

    /** Reads {@code host} or {@code host:port}; an address of IPv6 stands in brackets. */
    static Node node(String text, int usual) {
        int colon = text.lastIndexOf(':');
        boolean withPort = colon > text.lastIndexOf(']');
        String host = (withPort ? text.substring(0, colon) : text).replaceAll("^\\[|]$", "");
        String port = withPort ? text.substring(colon + 1) : "";
        if (!port.isEmpty() && !port.matches("\\d{1,5}")) {
            throw new InvalidInputException("'" + text + "' has '" + port + "' where its port should be");
        }
        return new Node(host, port.isEmpty() ? usual : Integer.parseInt(port));
    }

    private String needed(Map<String, String> parameters) {
        String master = parameters.remove("master");
        if (master == null || master.isBlank()) {
            throw wrong("does not say which master the sentinels watch; add ?master=NAME");
        }
        return master;
    }

    private @Nullable Login login(String authority) {
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            return null;
        }
        String[] part = authority.substring(0, at).split(":", 2);
        if (part.length == 1) {
            throw wrong("has a user without a password; write redis://user:password@host:6379");
        }
        return login(part[0].isEmpty() ? null : decode(part[0]), decode(part[1]));
    }

    private @Nullable Login login(@Nullable String user, @Nullable String password) {
        if (password == null && user != null) {
            throw wrong("has a user of the sentinels without a password; add &sentinelPassword=…");
        }
        return password == null ? null : new Login(user, password);
    }

    private int database(@Nullable String path) {
        if (path == null || path.isEmpty() || path.equals("/")) {
            return 0;
        }
        if (!path.matches("/\\d{1,5}")) {
            throw wrong("has '" + path + "', which is no number of a database; write redis://host:6379/0");
        }
        return Integer.parseInt(path.substring(1));
    }

    private Tls tls(Map<String, String> parameters) {
        try {
            return new Tls(
                    path(parameters.remove("ca")), path(parameters.remove("cert")), path(parameters.remove("key")));
        } catch (InvalidInputException e) {
            throw wrong("is not allowed: " + e.getMessage());
        }
    }

    private static @Nullable Path path(@Nullable String file) {
        return file == null ? null : Path.of(file);
    }

    private int protocol(@Nullable String version) {
        if (version == null || version.equals("2")) {
            return 2;
        }
        if (version.equals("3")) {
            return 3;
        }
        throw wrong("has protocol '" + version + "', which is not 2 or 3");
    }

    private Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                String[] part = parameter.split("=", 2);
                if (part.length == 1 || part[0].isEmpty()) {
                    throw wrong("has a parameter without a value; write ?name=value&name=value");
                }
                if (parameters.put(part[0], decode(part[1])) != null) {
                    throw wrong("has the parameter '" + part[0] + "' twice");
                }
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private InvalidInputException wrong(String what) {
        return new InvalidInputException("URL '" + shown + "' " + what);
    }

    /** Hides what stands before the host, and passwords in parameters. */
    static String mask(String url) {
        return url.replaceFirst("(?s)^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", "$1***@")
                .replaceAll("(?i)(password=)[^&]*", "$1***");
    }
}
