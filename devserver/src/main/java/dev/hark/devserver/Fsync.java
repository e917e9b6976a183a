package dev.hark.devserver;

import java.util.Locale;

/** When a server with an append-only file brings it to the disk: Redis's {@code appendfsync}. */
public enum Fsync {
    /** Before each reply: nothing acknowledged is lost, even with the power. */
    ALWAYS,
    /** Once a second. */
    EVERYSEC,
    /** When the operating system likes to. */
    NO;

    String value() {
        return name().toLowerCase(Locale.ROOT);
    }
}
