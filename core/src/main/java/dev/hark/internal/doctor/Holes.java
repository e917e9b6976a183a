package dev.hark.internal.doctor;

import dev.hark.Finding;
import dev.hark.Severity;
import dev.hark.internal.engine.ServerFacts;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Versions of servers with holes that concern Hark: its users have to be allowed to run scripts. */
final class Holes {

    /**
     * One hole.
     *
     * @param fixed the first version of each line without it; lines after the last have never had it
     */
    private record Hole(String name, String what, Map<String, List<Version>> fixed) {}

    private static final List<Hole> HOLES = List.of(
            // https://redis.io/blog/security-advisory-cve-2025-49844/ and the release notes of Valkey 7.2.11, 8.0.6,
            // 8.1.4
            new Hole(
                    "CVE-2025-49844",
                    "whoever may run a script, as all users of Hark must, may run any code on the server",
                    Map.of(
                            "Redis", versions("6.2.20", "7.2.11", "7.4.6", "8.0.4", "8.2.2"),
                            "Valkey", versions("7.2.11", "8.0.6", "8.1.4"))));

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

    private static List<Version> versions(String... texts) {
        return Stream.of(texts).map(Version::read).toList();
    }

    static @Nullable Finding look(ServerFacts server) {
        Version version = Version.read(server.version());
        for (Hole hole : HOLES) {
            List<Version> fixed = hole.fixed().get(server.product());
            if (version != null && fixed != null && open(version, fixed)) {
                return finding(server, version, hole, fixed);
            }
        }
        return null;
    }

    private static boolean open(Version version, List<Version> fixed) {
        return version.line() <= fixed.get(fixed.size() - 1).line()
                && fixed.stream().noneMatch(first -> first.line() == version.line() && version.patch >= first.patch);
    }

    private static Finding finding(ServerFacts server, Version version, Hole hole, List<Version> fixed) {
        String newer = fixed.stream()
                .filter(first -> first.line() >= version.line())
                .map(Version::toString)
                .collect(Collectors.joining(", "));
        boolean line = fixed.stream().anyMatch(first -> first.line() == version.line());
        return Say.server(
                "version",
                Severity.WARNING,
                server,
                "is version " + version + ", which has the hole " + hole.name() + ": " + hole.what() + "."
                        + (line
                                ? ""
                                : " For " + version.major() + "." + version.minor() + " " + server.product()
                                        + " has published no fix; a distribution may have, under the same number."),
                "Update to " + newer + " or newer. Until then let nobody log in who is not trusted with the server.");
    }
}
