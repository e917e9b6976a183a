package dev.hark.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** What is said of a queue to those who listen to it. It may be missed: each is looked for now and then anyway. */
public enum Hint {
    /** An earlier due time has appeared. */
    DUE(""),

    /** A setting was changed. */
    SETTINGS("settings");

    private final String text;

    Hint(String text) {
        this.text = text;
    }

    /** How it is said. */
    public byte[] bytes() {
        return text.getBytes(UTF_8);
    }

    /** Null for one of a newer version. */
    public static @Nullable Hint read(byte[] bytes) {
        String said = new String(bytes, UTF_8);
        for (Hint hint : values()) {
            if (hint.text.equals(said)) {
                return hint;
            }
        }
        return null;
    }
}
