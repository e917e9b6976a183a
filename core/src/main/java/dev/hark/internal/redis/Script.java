package dev.hark.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The transitions, a Lua file each; {@code common.lua} is put before every one. */
enum Script {
    PUBLISH,
    CONFIGURE,
    OPEN,
    CLAIM,
    SETTLE,
    SWEEP,
    TAKEOVER,
    PROMOTE,
    INFO,
    FIND_DEAD,
    REVIVE,
    DISCARD;

    private final String source;
    private final String sha1;

    Script() {
        source = read("common") + "\n" + read(name().toLowerCase(Locale.ROOT));
        sha1 = HexFormat.of().formatHex(sha1(source.getBytes(StandardCharsets.UTF_8)));
    }

    String source() {
        return source;
    }

    String sha1() {
        return sha1;
    }

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("script " + name + ".lua is missing from the jar");
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
