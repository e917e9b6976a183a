package dev.hark.devserver;

import java.util.Map;
import java.util.stream.Collectors;

/** The fields of a section of INFO. */
record Info(Map<String, String> fields) {

    static Info of(DevServer server, String section) {
        return new Info(server.ask("INFO", section)
                .lines()
                .filter(line -> line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')), line -> line.substring(line.indexOf(':') + 1))));
    }

    /** The value, or nothing if there is none. */
    String text(String field) {
        return fields.getOrDefault(field, "");
    }

    /** The value, or -1 if there is none. */
    long number(String field) {
        return Long.parseLong(fields.getOrDefault(field, "-1"));
    }
}
