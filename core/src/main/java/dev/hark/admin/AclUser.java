package dev.hark.admin;

import dev.hark.Channel;
import dev.hark.HarkBuilder;
import dev.hark.Overflow;
import dev.hark.error.InvalidInputException;
import dev.hark.internal.engine.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A user of Redis with no more permissions than a role needs; immutable, each method returns a copy.
 *
 * @param role what the user may do
 * @param prefix what the keys begin with, as of {@link HarkBuilder#prefix}; other keys are out of reach
 * @param channels which {@link Channel}s the user may use: names, or glob patterns. {@link Role#PUBLISHER} may publish to
 *     them, {@link Role#READER} subscribe, the others both. Redis lets a user subscribe to a pattern only if the very
 *     same pattern stands here, or {@code *}
 * @param dropOldest whether a publisher may make room in queues that are set to {@link Overflow#DROP_OLDEST}. For this
 *     it must read what it drops, so that it can read all waiting messages. Only of {@link Role#PUBLISHER}; the roles
 *     that read and write can do it anyway
 * @param syntax the oldest Redis that has to understand it
 */
public record AclUser(Role role, String prefix, List<String> channels, boolean dropOldest, Syntax syntax) {

    /** Which Redis understands it; each also all that are newer. */
    public enum Syntax {
        /** Without selectors: each command counts for each key. A publisher can read messages that are due later. */
        REDIS_6_2,
        /** With a selector for each kind of key. */
        REDIS_7,
        /** With the commands that are new in 7.2: {@code WAITAOF}. */
        REDIS_7_2
    }

    private static final Pattern CHANNEL = Pattern.compile("[^\\s\\p{Cntrl}\"']+");

    /** Checks the values. */
    public AclUser {
        Names.prefix(prefix);
        channels = List.copyOf(channels);
        for (String channel : channels) {
            if (!CHANNEL.matcher(channel).matches()) {
                throw new InvalidInputException("channel pattern '" + channel
                        + "' is not allowed: it must not be empty, and have neither spaces nor quotes");
            }
        }
        if (dropOldest && role != Role.PUBLISHER) {
            throw new InvalidInputException("dropping the oldest is an option of a publisher: who has the role "
                    + name(role) + " " + (role == Role.READER ? "cannot publish" : "can do it anyway"));
        }
    }

    /** A user of a role, for keys that begin with {@code hark}, without channels, on Redis 7 or newer. */
    public static AclUser of(Role role) {
        return new AclUser(role, "hark", List.of(), false, Syntax.REDIS_7);
    }

    /** Limits the user to keys with this prefix. */
    public AclUser prefix(String prefix) {
        return new AclUser(role, prefix, channels, dropOldest, syntax);
    }

    /** Lets the user use one more channel, or all that match a pattern. */
    public AclUser channel(String nameOrPattern) {
        List<String> more = new ArrayList<>(channels);
        more.add(nameOrPattern);
        return new AclUser(role, prefix, more, dropOldest, syntax);
    }

    /** Lets a publisher drop the oldest messages of full queues, and thereby read what waits. */
    public AclUser dropOldest(boolean allow) {
        return new AclUser(role, prefix, channels, allow, syntax);
    }

    /** Says which Redis has to understand it. */
    public AclUser syntax(Syntax syntax) {
        return new AclUser(role, prefix, channels, dropOldest, syntax);
    }

    /** The user's name: prefix, hyphen, role, such as {@code hark-worker}. */
    public String name() {
        return prefix + "-" + name(role);
    }

    private static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
