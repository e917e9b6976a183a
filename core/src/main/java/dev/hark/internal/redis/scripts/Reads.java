package dev.hark.internal.redis.scripts;

import java.util.Arrays;
import java.util.Set;
import redis.clients.jedis.Protocol.Command;

/** Knows what changes nothing, so that it may be asked again where it is not known whether it was answered. */
public final class Reads {

    private static final Set<Command> COMMANDS = Set.of(Command.SMEMBERS, Command.HMGET);

    private static final Set<String> OF_SCRIPTS = Set.of(
            "TIME",
            "TYPE",
            "EXISTS",
            "XINFO|GROUPS",
            "XINFO|CONSUMERS",
            "XPENDING",
            "XRANGE",
            "XLEN",
            "MEMORY|USAGE",
            "ZCARD",
            "ZCOUNT",
            "ZRANGE",
            "ZRANGEBYSCORE",
            "ZSCORE",
            "HGET",
            "HLEN",
            "HMGET");

    private Reads() {}

    public static boolean only(Command command) {
        return COMMANDS.contains(command);
    }

    /** By the commands that a script's head lists, which a test holds to what it calls. */
    static boolean only(String commandsOfScript) {
        return Arrays.stream(commandsOfScript.split("[ ;*]+"))
                .filter(word -> word.matches("[A-Z|]+"))
                .allMatch(OF_SCRIPTS::contains);
    }
}
