package dev.hark.internal.doctor;

import dev.hark.admin.Finding;
import dev.hark.admin.Severity;
import dev.hark.internal.engine.ServerFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Versions of servers with holes through which clients may run code of their own on the server. */
final class Holes {

    /**
     * One hole.
     *
     * @param who may do what
     * @param lines by product, those that have it, or had it
     */
    private record Hole(String name, String who, Map<String, Lines> lines) {

        boolean in(String product, Version version) {
            Lines of = lines.get(product);
            return of != null && of.open(version);
        }
    }

    /**
     * The versions of one product.
     *
     * @param since the first with the hole
     * @param fixed the first version of each line without it; lines after the last have never had it
     */
    private record Lines(Version since, List<Version> fixed) {

        boolean open(Version version) {
            return ORDER.compare(version, since) >= 0
                    && version.line() <= fixed.get(fixed.size() - 1).line()
                    && fixed.stream()
                            .noneMatch(first -> first.line() == version.line() && version.patch >= first.patch);
        }
    }

    private static final Comparator<Version> ORDER =
            Comparator.comparingInt(Version::line).thenComparingInt(Version::patch);

    private static final List<Hole> HOLES = List.of(
            // https://redis.io/blog/security-advisory-cve-2025-49844/ and the release notes of Valkey
            new Hole(
                    "CVE-2025-49844",
                    "whoever may run a script, as all users of Hark must, may run any code on the server",
                    Map.of(
                            "Redis", lines("0.0.0", "6.2.20", "7.2.11", "7.4.6", "8.0.4", "8.2.2"),
                            "Valkey", lines("0.0.0", "7.2.11", "8.0.6", "8.1.4"))),
            // https://github.com/redis/redis/security/advisories/GHSA-93m2-935m-8rj3 and the release notes of both
            new Hole(
                    "CVE-2026-23479",
                    "where clients are evicted (maxmemory-clients), whoever may wait for a message, as workers must, may"
                            + " run any code on the server",
                    Map.of(
                            "Redis", lines("7.2.0", "7.2.14", "7.4.9", "8.2.6", "8.4.3", "8.6.3"),
                            "Valkey", lines("7.2.0", "7.2.13", "8.0.9", "8.1.7", "9.0.4"))),
            // https://www.cve.org/CVERecord?id=CVE-2026-81934, whose ratings differ in whether a login is needed
            new Hole(
                    "CVE-2026-81934",
                    "where TLS is on, a client may run any code on the server, and perhaps one that has not logged in",
                    Map.of(
                            "Redis",
                            lines(
                                    "0.0.0", "6.2.24", "7.2.16", "7.4.11", "8.2.9", "8.4.6", "8.6.6", "8.8.2",
                                    "8.10.1"))),
            // the same in Valkey, by its release notes
            new Hole(
                    "CVE-2026-56684",
                    "where TLS is on, whoever may kill clients, as no user may that hark acl prints, may run any code on"
                            + " the server",
                    Map.of("Valkey", lines("0.0.0", "7.2.14", "8.0.10", "8.1.9", "9.0.5", "9.1.1"))));

    private record Version(int major, int minor, int patch) {

        static @Nullable Version read(String text) {
            String[] part = text.split("\\.");
            try {
                return new Version(
                        Integer.parseInt(part[0]),
                        part.length > 1 ? Integer.parseInt(part[1]) : 0,
                        part.length > 2 ? Integer.parseInt(part[2].replaceFirst("\\D.*", "")) : 0);
            } catch (NumberFormatException e) {
                return null; // nothing is known of such versions
            }
        }

        int line() {
            return major * 1_000 + minor;
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }

    private Holes() {}

    private static Lines lines(String since, String... fixed) {
        return new Lines(version(since), Stream.of(fixed).map(Holes::version).toList());
    }

    private static Version version(String text) {
        return Objects.requireNonNull(Version.read(text));
    }

    static @Nullable Finding look(ServerFacts server) {
        Version version = Version.read(server.version());
        if (version == null) {
            return null;
        }
        List<Hole> open = HOLES.stream()
                .filter(hole -> hole.in(server.product(), version))
                .toList();
        return open.isEmpty() ? null : finding(server, version, open);
    }

    private static Finding finding(ServerFacts server, Version version, List<Hole> open) {
        String product = server.product();
        Map<Integer, Version> whole = new TreeMap<>(); // the first of each line without any hole
        HOLES.stream()
                .filter(hole -> hole.lines().containsKey(product))
                .flatMap(hole -> hole.lines().get(product).fixed().stream())
                .filter(fixed ->
                        fixed.line() >= version.line() && HOLES.stream().noneMatch(hole -> hole.in(product, fixed)))
                .forEach(fixed ->
                        whole.merge(fixed.line(), fixed, (one, other) -> ORDER.compare(one, other) <= 0 ? one : other));
        String newer = whole.values().stream().map(Version::toString).collect(Collectors.joining(", "));
        return Say.server(
                "version",
                Severity.WARNING,
                server,
                "is version " + version + ", which has "
                        + (open.size() == 1 ? "a hole" : open.size() + " holes") + ": "
                        + open.stream()
                                .map(hole -> hole.who() + " (" + hole.name() + ")")
                                .collect(Collectors.joining("; "))
                        + "."
                        + (whole.containsKey(version.line())
                                ? ""
                                : " For " + version.major() + "." + version.minor() + " " + product
                                        + " has published no fix; a distribution may have, under the same number."),
                "Update to " + newer
                        + ", or what follows in these lines. Until then let nobody reach the server who is not"
                        + " trusted with it.");
    }
}
