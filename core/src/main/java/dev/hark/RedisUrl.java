package dev.hark;

import dev.hark.Redis.Login;
import dev.hark.Redis.Node;
import dev.hark.Redis.Place;
import dev.hark.error.InvalidInputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads URLs of a {@link Redis}. No message shows what stands before the host, or in a parameter. */
final class RedisUrl {

    private static final Set<String> OF_TLS = Set.of("ca", "cert", "key");
    private static final Set<String> OF_SENTINELS = Set.of("master", "sentinelUser", "sentinelPassword");

    private static final Set<String> KINDS = Set.of("redis", "redis-sentinel", "redis-cluster");
    private static final Pattern AFTER_SCHEME =
            Pattern.compile("(?<authority>[^/?#]*)(?<path>/[^?#]*)?(?:\\?(?<query>[^#]*))?", Pattern.DOTALL);
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cntrl}]");

    /** What no name and no address has is a slip; whether there is such a host, the resolver says. */
    private static final Pattern HOST = Pattern.compile("[^\\s\\p{Cntrl}\\[\\]<>\"'@]+");

    private final String shown;

    private RedisUrl(String shown) {
        this.shown = shown;
    }

    static Redis read(String url) {
        return new RedisUrl(mask(url)).parse(url);
    }

    /** Taken apart by hand, since {@link java.net.URI} says of many a thing in a password only that the whole is no URL. */
    private Redis parse(String url) {
        int colon = url.indexOf("://");
        String scheme = colon < 0 ? "" : url.substring(0, colon);
        boolean secure = scheme.startsWith("rediss");
        String kind = scheme.replaceFirst("^rediss", "redis");
        if (!KINDS.contains(kind)) {
            throw wrong((colon < 0 ? "has no scheme: it " : "")
                    + "must begin with redis://, redis-sentinel:// or redis-cluster://, or with rediss for TLS");
        }
        Matcher part = AFTER_SCHEME.matcher(url.substring(colon + "://".length()));
        if (!part.matches()) {
            throw wrong("has a '#', which has no meaning here; write it as %23");
        }
        String authority = part.group("authority");
        if (url.contains("@") && !authority.contains("@")) { // else part of the password would be taken for a host
            throw wrong("has '#', '?' or '/' before the host, or '@' behind it; write them as %23, %3F, %2F and %40");
        }
        String hosts = authority.substring(authority.lastIndexOf('@') + 1);
        Map<String, String> parameters = parameters(part.group("query"));
        Place place = switch (kind) {
            case "redis" -> new Place.Single(node(onlyOne(hosts)));
            case "redis-sentinel" ->
                new Place.Sentinels(
                        needed(parameters),
                        nodes(hosts, 26_379),
                        login(parameters.remove("sentinelUser"), parameters.remove("sentinelPassword")));
            case "redis-cluster" -> new Place.Cluster(nodes(hosts, 6_379));
            default -> throw new AssertionError(kind);
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
        Login login = login(authority);
        int database = database(part.group("path"));
        try {
            return new Redis(place, login, database, tls, protocol);
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
        if (withPort && host.contains(":") && !text.startsWith("[")) {
            throw new InvalidInputException("'" + text + "' has several colons; write an address of IPv6 in brackets");
        }
        if (!port.isEmpty() && !port.matches("\\d{1,5}")) {
            throw new InvalidInputException(
                    "'" + text + "' has '" + port + "' where its port should be, a number of 1 to 65535");
        }
        if (!host.isEmpty() && !HOST.matcher(host).matches()) {
            throw new InvalidInputException("'" + host + "' is no host: it must be a name or an address");
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
        return login(part[0].isEmpty() ? null : decode(part[0], "the user"), decode(part[1], "the password"));
    }

    private @Nullable Login login(@Nullable String user, @Nullable String password) {
        if (password == null && user != null) {
            throw wrong("has a user of the sentinels without a password; add &sentinelPassword=…");
        }
        return password == null ? null : new Login(user, password);
    }

    private int database(@Nullable String path) {
        if (path == null || path.equals("/")) {
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
        try {
            return file == null ? null : Path.of(file);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("'" + file + "' is no path of a file");
        }
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
                if (parameters.put(part[0], decode(part[1], "the parameter '" + part[0] + "'")) != null) {
                    throw wrong("has the parameter '" + part[0] + "' twice");
                }
            }
        }
        return parameters;
    }

    private String decode(String text, String what) {
        if (STRAY_PERCENT.matcher(text).find()) {
            throw wrong("has a '%' in " + what + " that two hexadecimal digits do not follow; write it as %25");
        }
        if (BLANK.matcher(text).find()) {
            throw wrong("has a blank, or a character that cannot be seen, in " + what + "; write a blank as %20");
        }
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private InvalidInputException wrong(String what) {
        return new InvalidInputException("URL '" + shown + "' " + what);
    }

    /** Hides what stands before the host, and in parameters: those of a password may be misspelt. */
    static String mask(String url) {
        return url.replaceFirst("(?s)^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", "$1***@")
                .replaceAll("([?&](?!(?:ca|cert|key|master|protocol|sentinelUser)=)[^=&]*=)[^&]*", "$1***");
    }
}
