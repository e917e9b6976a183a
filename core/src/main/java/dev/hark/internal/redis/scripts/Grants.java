package dev.hark.internal.redis.scripts;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Commands by the kind of key that they are for; {@link #NO_KEY} for those that have none, or several kinds at once. In
 * text, as in the heads of scripts: {@code TIME; ready XLEN XINFO|GROUPS; stats HGET}.
 */
record Grants(Map<String, Collection<String>> byPart) {

    static final String NO_KEY = "";

    private static final String WHEN_DROPPING = "to drop the oldest also ";

    static Grants read(String text) {
        Map<String, Collection<String>> byPart = new LinkedHashMap<>();
        for (String group : text.strip().split("; *")) {
            List<String> words = Arrays.asList(group.split(" +"));
            boolean keyless = words.get(0).equals(words.get(0).toUpperCase(Locale.ROOT));
            byPart.computeIfAbsent(keyless ? NO_KEY : words.get(0), part -> new TreeSet<>())
                    .addAll(words.subList(keyless ? 0 : 1, words.size()));
        }
        return new Grants(byPart);
    }

    /** What a script uses, by its head. */
    static Grants of(Script script, boolean dropping) {
        String commands = script.commands();
        int when = commands.indexOf(WHEN_DROPPING);
        if (when < 0) {
            return read(commands);
        }
        Grants always = read(commands.substring(0, when));
        return dropping ? always.plus(read(commands.substring(when + WHEN_DROPPING.length()))) : always;
    }

    Grants plus(Grants others) {
        Map<String, Collection<String>> sum = new LinkedHashMap<>();
        for (Grants grants : List.of(this, others)) {
            grants.byPart.forEach((part, commands) ->
                    sum.computeIfAbsent(part, any -> new TreeSet<>()).addAll(commands));
        }
        return new Grants(sum);
    }

    /** Each as {@code part COMMAND}, or {@code COMMAND} alone. */
    SortedSet<String> each() {
        SortedSet<String> each = new TreeSet<>();
        byPart.forEach((part, commands) -> commands.forEach(command -> each.add((part + " " + command).strip())));
        return each;
    }
}
