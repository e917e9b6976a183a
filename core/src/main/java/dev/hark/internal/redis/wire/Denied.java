package dev.hark.internal.redis.wire;

import dev.hark.internal.redis.scripts.Acl;
import dev.hark.internal.redis.scripts.Script;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what a user lacks a permission for, and where to find what it needs. */
final class Denied {

    /** NOPERM, and how 6.2, 7.0 and newer servers put it inside a script. */
    private static final Pattern ANSWER = Pattern.compile(
            "^(?:NOPERM|ERR (?:Error running script .*)?The user executing the script can't|ERR ACL failure in script:) .*",
            Pattern.DOTALL);

    private static final Pattern LINE = Pattern.compile("user_script: ?(\\d+)");
    private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('(\\w+)'(?:, '([A-Z]+)')?");

    private Denied() {}

    static boolean is(String answer) {
        return ANSWER.matcher(answer).matches();
    }

    /** To be read after the answer. */
    static String advice(String answer, @Nullable Script script, List<String> keys) {
        if (script == null) {
            return ". The user of Redis needs more permissions: 'hark acl' prints those of each role";
        }
        String role = Acl.least(script).name().toLowerCase(Locale.ROOT);
        return ". This was" + command(answer, script) + " " + script.file() + " on " + keys.get(0)
                + " and keys beside it; the user of Redis needs more permissions: 'hark acl " + role + "' prints them";
    }

    /** The command on the line of the script that the answer names; servers say it only from 7.2 on. */
    private static String command(String answer, Script script) {
        Matcher line = LINE.matcher(answer);
        if (line.find()) {
            Matcher call = script.source()
                    .lines()
                    .skip(Long.parseLong(line.group(1)) - 1)
                    .findFirst()
                    .map(CALL::matcher)
                    .orElseThrow();
            if (call.find()) {
                return " " + call.group(1) + (call.group(2) == null ? "" : " " + call.group(2)) + " in";
            }
        }
        return " in";
    }
}
