package dev.hark.internal.redis.scripts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The transitions, a Lua file each. The {@code Uses} line of its head names the files of {@code lib} that are put before it,
 * in that order; these name none themselves.
 */
public enum Script {
    PUBLISH,
    CONFIGURE,
    OPEN,
    CLAIM,
    SETTLE,
    VERIFY,
    SWEEP,
    TAKEOVER,
    PROMOTE,
    INFO,
    LIST_DEAD,
    FIND_DEAD,
    REVIVE,
    DISCARD,
    EXAMINE,
    WEIGH,
    WRITE_OFF;

    private final String source;
    private final String commands;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is
    private final List<String> returns;

    private final boolean reads;
    private final String sha1;

    Script() {
        String own = read(file());
        source = Stream.of(head(own, "Uses").split(", "))
                        .map(lib -> read("lib/" + lib + ".lua") + "\n")
                        .collect(Collectors.joining())
                + own;
        commands = head(own, "Commands");
        returns = names(head(own, "Returns"));
        reads = Reads.only(commands);
        sha1 = HexFormat.of().formatHex(sha1(source.getBytes(StandardCharsets.UTF_8)));
    }

    /** Which commands it calls on which keys, by its head: {@link Grants} reads it. */
    public String commands() {
        return commands;
    }

    /** The names of what it returns, in their order, by its head; none where that is no list of known length. */
    public List<String> returns() {
        return returns;
    }

    /** Whether it changes nothing. */
    public boolean reads() {
        return reads;
    }

    public String source() {
        return source;
    }

    public String sha1() {
        return sha1;
    }

    /** The name of its file, for messages. */
    public String file() {
        return name().toLowerCase(Locale.ROOT) + ".lua";
    }

    /** A part of the head, as one line: further lines of it are indented. */
    private static String head(String source, String part) {
        String start = "-- " + part + ":";
        List<String> lines =
                source.lines().dropWhile(line -> !line.startsWith(start)).toList();
        return Stream.concat(
                        lines.stream().limit(1).map(line -> line.substring(start.length())),
                        lines.stream()
                                .skip(1)
                                .takeWhile(line -> line.startsWith("--  "))
                                .map(line -> line.substring(2)))
                .map(String::strip)
                .collect(Collectors.joining(" "));
    }

    /** The first names in braces. */
    private static List<String> names(String text) {
        Matcher names = Pattern.compile("\\{(\\w+(?:, \\w+)*)}").matcher(text);
        return names.find() ? List.of(names.group(1).split(", ")) : List.of();
    }

    private static String read(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("script " + file + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
