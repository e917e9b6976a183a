package dev.hark;

import java.util.Locale;

/** How safe a published message was when its {@link Receipt} was made. Never more than was really reached. */
public enum Durability {
    /** Redis has it in memory; what survives a crash of Redis depends on its persistence settings. */
    MEMORY;

    /** Returns the level as it is written in the protocol and by the command line, for example {@code memory}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
