package dev.hark.internal.redis;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands in the code of a script, and in those functions of {@code common.lua} that it uses. */
final class ScriptCode {

    private static final Pattern FUNCTION = Pattern.compile("(?ms)^local function (\\w+)\\(.*?^end$");
    private static final Pattern COMMENT = Pattern.compile("(?m)--.*$");
    private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('(\\w+)'(?:, '([A-Z]+)')?");
    private static final Set<String> WITH_SUBCOMMAND = Set.of("XINFO", "XGROUP", "MEMORY");

    private ScriptCode() {}

    static SortedSet<String> commands(Script script) {
        String own = COMMENT.matcher(ScriptHead.source(script)).replaceAll("");
        String common = script.source()
                .substring(
                        0, script.source().length() - ScriptHead.source(script).length());
        Map<String, String> functions = new LinkedHashMap<>();
        FUNCTION.matcher(COMMENT.matcher(common).replaceAll(""))
                .results()
                .forEach(function -> functions.put(function.group(1), function.group()));
        SortedSet<String> found = new TreeSet<>();
        collect(own, functions, new HashSet<>(), found);
        return found;
    }

    private static void collect(String code, Map<String, String> functions, Set<String> done, Set<String> into) {
        Matcher call = CALL.matcher(code);
        while (call.find()) {
            into.add(WITH_SUBCOMMAND.contains(call.group(1)) ? call.group(1) + "|" + call.group(2) : call.group(1));
        }
        functions.forEach((name, body) -> {
            if (Pattern.compile("(?<![.\\w])" + name + "\\(").matcher(code).find() && done.add(name)) {
                collect(body, functions, done, into);
            }
        });
    }
}
