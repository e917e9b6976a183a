package dev.hark.devserver;

/** How redis.conf is written. */
final class Conf {

    private Conf() {}

    /** One argument, whatever is in it. */
    static String quoted(String value) {
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    /** @throws IllegalArgumentException if it would be more than one line */
    static String line(String name, String value) {
        String line = name + " " + value;
        if (line.lines().count() != 1) {
            throw new IllegalArgumentException("Not one line of redis.conf: " + line);
        }
        return line;
    }
}
