package dev.hark.testing;

import dev.hark.devserver.Binary;
import java.util.Locale;

/** The oldest redis-server that Hark works with, 6.2, from a library that brings it along. */
public final class OldRedis {

    private OldRedis() {}

    public static Binary binary() {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        return Binary.resource(
                mac
                        ? "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64")
                        : arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64");
    }
}
