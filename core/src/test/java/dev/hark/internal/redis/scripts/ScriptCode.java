package dev.hark.internal.redis.scripts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What stands in the code of scripts, comments and texts left out. */
final class ScriptCode {

    private static final Pattern FUNCTION = Pattern.compile("(?ms)^local function (\\w+)\\(.*?^end$");
    private static final Pattern FUNCTION_NAME = Pattern.compile("function \\w+\\(");
    private static final Pattern COMMENT = Pattern.compile("(?m)--.*$");
    private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('(\\w+)'(?:, '([A-Z]+)')?");
    private static final Set<String> WITH_SUBCOMMAND = Set.of("XINFO", "XGROUP", "MEMORY");

    private static final Pattern RETURNED = Pattern.compile("(?:\\b(?:return|and|or)|\\bout\\[#out \\+ 1] =) \\{");
    private static final Pattern TEXT = Pattern.compile("'[^'\\n]*'|\"[^\"\\n]*\"");
    private static final Pattern GIVEN =
            Pattern.compile("(?m)^local (?:function )?(\\w+(?=\\()|[A-Z_]+(?:, [A-Z_]+)*\\b)");
    private static final Pattern LOCAL =
            Pattern.compile("\\blocal (?!function)(\\w+(?:, \\w+)*)|function (\\w*)\\(([^)]*)\\)");
    private static final Pattern USED = Pattern.compile("(?<![.\\w])(?:(\\w+)\\(|([A-Z][A-Z_]+)\\b)");
    private static final Set<String> OF_LUA = Set.of(
            "KEYS", "ARGV", "ipairs", "pairs", "tonumber", "type", "unpack", "function"); // and it has no others here

    private ScriptCode() {}

    /** The names of functions and constants that a file of {@code lib} gives to those after it. */
    static Set<String> given(String lib) {
        return GIVEN.matcher(bare(ScriptHead.lib(lib)))
                .results()
                .flatMap(names -> Stream.of(names.group(1).split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The functions and constants that code uses. */
    static Set<String> used(String source) {
        return USED.matcher(FUNCTION_NAME.matcher(bare(source)).replaceAll("("))
                .results()
                .map(ScriptCode::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is used where nothing above it defines it: to Lua a global, which Redis answers with an error. */
    static Set<String> undefined(Script script) {
        String code = bare(script.source());
        Map<String, Integer> defined = new HashMap<>();
        LOCAL.matcher(code)
                .results()
                .forEach(found -> Stream.of(found.group(1), found.group(2), found.group(3))
                        .filter(Objects::nonNull)
                        .flatMap(names -> Stream.of(names.split(", ")))
                        .forEach(name -> defined.putIfAbsent(name, found.start())));
        return USED.matcher(code)
                .results()
                .filter(use -> !OF_LUA.contains(name(use)))
                .filter(use -> defined.getOrDefault(name(use), code.length()) > use.start())
                .map(ScriptCode::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(MatchResult use) {
        return Objects.requireNonNullElse(use.group(1), use.group(2));
    }

    /** How many values each list has that it returns, as far as the code spells it out. */
    static List<Integer> returned(Script script) {
        String code = bare(ScriptHead.source(script));
        return RETURNED.matcher(code)
                .results()
                .map(list -> values(code, list.end()))
                .filter(values -> values > 0)
                .toList();
    }

    /** How many are listed from there to the brace that closes; none in a table with names. */
    private static int values(String code, int from) {
        int depth = 0;
        int values = code.startsWith("}", from) ? 0 : 1;
        for (int i = from; ; i++) {
            char c = code.charAt(i);
            if (c == '}' && depth == 0) {
                String list = code.substring(from, i);
                return list.contains(" = ") ? 0 : list.endsWith(",\n") ? values - 1 : values;
            }
            depth += c == '{' || c == '(' || c == '[' ? 1 : c == '}' || c == ')' || c == ']' ? -1 : 0;
            values += c == ',' && depth == 0 ? 1 : 0;
        }
    }

    private static String bare(String source) {
        return TEXT.matcher(COMMENT.matcher(source).replaceAll("")).replaceAll("''");
    }

    /** The commands that a script calls, itself or in those functions of {@code lib} that it uses. */
    static SortedSet<String> commands(Script script) {
        String own = COMMENT.matcher(ScriptHead.source(script)).replaceAll("");
        String libs = script.source()
                .substring(
                        0, script.source().length() - ScriptHead.source(script).length());
        Map<String, String> functions = new LinkedHashMap<>();
        FUNCTION.matcher(COMMENT.matcher(libs).replaceAll(""))
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
