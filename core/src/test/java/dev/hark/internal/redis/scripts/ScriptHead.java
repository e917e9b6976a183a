package dev.hark.internal.redis.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the head of a script says of it: {@code KEYS}, {@code ARGV}, {@code Returns}, {@code Bound}, {@code Uses} and {@code Commands}, each with what follows it. */
record ScriptHead(
        String does, String keys, String argv, String returns, String bound, List<String> uses, String commands) {

    private static final Pattern PART = Pattern.compile("^-- (KEYS|ARGV|Returns|Bound|Uses|Commands): (.*)$");

    private static final Pattern KIND = Pattern.compile("the (\\w+)");

    static ScriptHead read(Script script) {
        List<StringBuilder> parts = new ArrayList<>(List.of(new StringBuilder()));
        List<String> names = new ArrayList<>(List.of("does"));
        for (String line :
                source(script).lines().takeWhile(line -> line.startsWith("--")).toList()) {
            Matcher part = PART.matcher(line);
            if (part.matches()) {
                names.add(part.group(1));
                parts.add(new StringBuilder(part.group(2)));
            } else {
                parts.get(parts.size() - 1).append(line.substring(2).replaceFirst("^ +", " "));
            }
        }
        assertThat(names)
                .as("head of " + script)
                .containsExactly("does", "KEYS", "ARGV", "Returns", "Bound", "Uses", "Commands");
        List<String> texts = parts.stream().map(part -> part.toString().strip()).toList();
        return new ScriptHead(
                texts.get(0),
                texts.get(1),
                texts.get(2),
                texts.get(3),
                texts.get(4),
                List.of(texts.get(5).split(", ")),
                texts.get(6));
    }

    static String source(Script script) {
        return file(script.file());
    }

    static String lib(String name) {
        return file("lib/" + name + ".lua");
    }

    private static String file(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Whether it takes any number of keys of one kind. */
    boolean anyNumber() {
        return keys.startsWith("the ");
    }

    /** The kinds of which any number is given, one after another. */
    List<String> kinds() {
        return KIND.matcher(keys).results().map(kind -> kind.group(1)).toList();
    }

    /** The keys that are always given, in their order. */
    List<String> required() {
        return names(keys.split("; with ", 2)[0]);
    }

    /** These and the keys that are only given sometimes. */
    List<String> all() {
        String[] part = keys.split("; with .*also ", 2);
        return part.length == 1
                ? required()
                : Stream.concat(required().stream(), names(part[1]).stream()).toList();
    }

    /** How many arguments have a place of their own, before any that repeat. */
    int fixedArguments() {
        String fixed = argv.replaceAll("\\([^)]*\\)", "").split(";", 2)[0];
        return fixed.equals("none")
                ? 0
                : (int) Arrays.stream(fixed.split(", "))
                        .filter(argument -> !argument.contains("entries"))
                        .count();
    }

    private static List<String> names(String list) {
        return Arrays.asList(list.split(", "));
    }
}
