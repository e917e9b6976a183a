package dev.hark.internal.redis.scripts;

import static dev.hark.internal.redis.scripts.Grants.NO_KEY;

import dev.hark.admin.AclUser;
import dev.hark.admin.AclUser.Syntax;
import dev.hark.admin.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What each role may do, as a line of an ACL file. The heads of the scripts say which commands they need of which keys;
 * a script runs with the permissions of who calls it.
 */
public final class Acl {

    /** What every connection needs. AUTH and HELLO are free to all. */
    static final String CONNECTING = "SELECT INFO CLIENT|SETNAME";

    /** Needed in a cluster, behind Sentinel, and to wait for replicas. */
    static final String BEYOND_ONE_SERVER = "ASKING ROLE CLUSTER|SLOTS WAIT";

    /** The same, new in Redis 7.2. */
    static final String NEW_IN_7_2 = "WAITAOF";

    private static final String PUBLISHING = "sender DEL; config HMGET; queues SADD";
    private static final String LISTENING = "SUBSCRIBE PING CLIENT|ID CLIENT|UNBLOCK; ready XREADGROUP; queues SADD";
    private static final String READING = "TIME; config HMGET; queues SMEMBERS";
    private static final String MENDING = "UNLINK; queues SREM"; // all keys of a queue at once

    private Acl() {}

    /** The line {@code user NAME …}, without a password. */
    public static String line(AclUser user) {
        Grants grants = grants(user.role(), user.dropOldest()).plus(connecting(user.syntax()));
        Keys keys = new Keys(user.prefix());
        List<String> words = new ArrayList<>(List.of("user", user.name(), "on", "resetkeys", "resetchannels", "-@all"));
        boolean selectors = user.syntax() != Syntax.REDIS_6_2;
        if (selectors) {
            words.add("clearselectors"); // where the user exists already
        }
        Set<String> root = new TreeSet<>(grants.byPart().getOrDefault(NO_KEY, Set.of()));
        root.addAll(List.of("EVAL", "EVALSHA"));
        if (root.contains("SUBSCRIBE") || root.contains("PUBLISH")) {
            words.add("&" + keys.pattern("wake"));
        }
        channels(user, words, root);
        List<String> parts = grants.byPart().keySet().stream()
                .filter(part -> !part.equals(NO_KEY))
                .toList();
        parts.forEach(part -> words.add("~" + keys.pattern(part)));
        if (!selectors) {
            grants.byPart().values().forEach(root::addAll);
        }
        allow(root, words);
        if (selectors) {
            for (String part : parts) {
                List<String> selector = new ArrayList<>(List.of("~" + keys.pattern(part)));
                allow(grants.byPart().getOrDefault(part, Set.of()), selector);
                words.add("(" + String.join(" ", selector) + ")");
            }
        }
        return String.join(" ", words);
    }

    private static void allow(Collection<String> commands, List<String> words) {
        commands.forEach(command -> words.add("+" + command.toLowerCase(Locale.ROOT)));
    }

    private static void channels(AclUser user, List<String> words, Set<String> root) {
        if (!user.channels().isEmpty()) {
            user.channels().forEach(channel -> words.add("&" + channel));
            if (user.role() != Role.READER) {
                root.add("PUBLISH");
            }
            if (user.role() != Role.PUBLISHER) {
                root.addAll(List.of("SUBSCRIBE", "PSUBSCRIBE", "PING"));
            }
        }
    }

    private static Grants connecting(Syntax syntax) {
        Grants all = Grants.read(CONNECTING + " " + BEYOND_ONE_SERVER);
        return syntax == Syntax.REDIS_7_2 ? all.plus(Grants.read(NEW_IN_7_2)) : all;
    }

    /** What a role needs of scripts and plain commands, but for connecting. */
    static Grants grants(Role role, boolean dropping) {
        Grants all = Grants.read("ready"); // what is called most is looked for first
        for (Script script : scripts(role)) {
            all = all.plus(Grants.of(script, dropping || role != Role.PUBLISHER));
        }
        return all.plus(plain(role));
    }

    static Set<Script> scripts(Role role) {
        return switch (role) {
            case PUBLISHER -> EnumSet.of(Script.PUBLISH, Script.CONFIGURE);
            case WORKER ->
                EnumSet.of(
                        Script.PUBLISH,
                        Script.CONFIGURE,
                        Script.OPEN,
                        Script.CLAIM,
                        Script.SETTLE,
                        Script.VERIFY,
                        Script.SWEEP,
                        Script.TAKEOVER,
                        Script.PROMOTE,
                        Script.INFO); // a worker that ends when a queue is empty looks whether it is
            case READER -> EnumSet.of(Script.INFO, Script.LIST_DEAD, Script.FIND_DEAD, Script.EXAMINE, Script.WEIGH);
            case ADMIN -> EnumSet.allOf(Script.class);
        };
    }

    static Grants plain(Role role) {
        return switch (role) {
            case PUBLISHER -> Grants.read(PUBLISHING);
            case WORKER -> Grants.read(PUBLISHING).plus(Grants.read(LISTENING));
            case READER -> Grants.read(READING);
            case ADMIN -> plain(Role.WORKER).plus(Grants.read(READING)).plus(Grants.read(MENDING));
        };
    }

    /** The role with the fewest permissions that runs a script. */
    public static Role least(Script script) {
        for (Role role : List.of(Role.PUBLISHER, Role.READER, Role.WORKER, Role.ADMIN)) {
            if (scripts(role).contains(script)) {
                return role;
            }
        }
        throw new IllegalStateException(script + " belongs to no role");
    }
}
