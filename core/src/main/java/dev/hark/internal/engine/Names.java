package dev.hark.internal.engine;

import dev.hark.error.InvalidInputException;
import java.util.regex.Pattern;

/** The one rule for names. */
public final class Names {

    private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private Names() {}

    public static String queue(String name) {
        if (!allowedForQueue(name)) {
            throw new InvalidInputException("queue name '" + shown(name)
                    + "' is not allowed: use 1 to 128 letters, digits, dots, underscores and hyphens");
        }
        return name;
    }

    public static boolean allowedForQueue(String name) {
        return QUEUE.matcher(name).matches();
    }

    public static String prefix(String name) {
        if (!PREFIX.matcher(name).matches()) {
            throw new InvalidInputException("key prefix '" + shown(name)
                    + "' is not allowed: use 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        return name;
    }

    public static String channel(String name) {
        if (name.isEmpty()) {
            throw new InvalidInputException("a channel's name must not be empty");
        }
        return name;
    }

    /** Fit for a message: no control characters, not too long. */
    public static String shown(String name) {
        String flat = name.replaceAll("\\p{Cntrl}", "?");
        return flat.length() <= 140 ? flat : flat.substring(0, 140) + "…";
    }
}
