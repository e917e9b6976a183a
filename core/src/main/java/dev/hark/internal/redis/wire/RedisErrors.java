package dev.hark.internal.redis.wire;

import dev.hark.internal.engine.StoreException;
import dev.hark.internal.engine.StoreException.Kind;
import dev.hark.internal.redis.scripts.Script;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Says of each failure whether the command happened, and whether trying again may help. */
public final class RedisErrors {

    /** 6.2 wraps the error of a command in a script: {@code ERR Error running script … -NOREPLICAS …}. */
    private static final Pattern WRAPPED = Pattern.compile(
            "^ERR Error running script.*?(?:@user_script: ?\\d*: |-)((?:-)?[A-Z]+ .*)$", Pattern.DOTALL);

    /** What the scripts begin with where a queue is of a newer layout than they. */
    public static final String NEWER_LAYOUT = "HARKLAYOUT";

    private static final Set<String> ELSEWHERE =
            Set.of("READONLY", "CLUSTERDOWN", "MASTERDOWN", "LOADING", "MOVED", "ASK");

    private RedisErrors() {}

    /** The connection could not be made: nothing was sent. */
    static StoreException notConnected(JedisException e, String server) {
        if (e instanceof JedisDataException answer) {
            return answered(answer, server, null, List.of());
        }
        if (e instanceof Pools.Exhausted) {
            return new StoreException(
                    Kind.NOT_NOW, "no free connection to Redis at " + server + ": " + e.getMessage(), e);
        }
        return new StoreException(Kind.NOT_NOW, "no connection to Redis at " + server + ": " + reason(e), e);
    }

    /** A command failed after it may have been sent. */
    public static StoreException of(JedisException e, String server) {
        return of(e, server, null, List.of());
    }

    /** A command, or a script, failed after it may have been sent. */
    static StoreException of(JedisException e, String server, @Nullable Script script, List<String> keys) {
        if (e instanceof JedisDataException answer) {
            return answered(answer, server, script, keys);
        }
        return new StoreException(
                Kind.UNKNOWN, "the connection to Redis at " + server + " broke before the reply: " + reason(e), e);
    }

    private static StoreException answered(
            JedisDataException e, String server, @Nullable Script script, List<String> keys) {
        String whole = String.valueOf(e.getMessage());
        String text = unwrap(whole);
        String code = text.split(" ", 2)[0];
        Kind kind = switch (code) {
            case "LOADING", "BUSY", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK" -> Kind.NOT_NOW;
            case "NOREPLICAS", "UNBLOCKED", "NOGROUP", "NOSCRIPT", "MISCONF", "UNKILLABLE" -> Kind.NOT_NOW;
            case "WRONGTYPE" -> Kind.WRONG_TYPE;
            case NEWER_LAYOUT -> Kind.NEWER_LAYOUT;
            default -> text.contains("max number of clients") ? Kind.NOT_NOW : Kind.NEVER;
        };
        String advice = Denied.is(text)
                ? Denied.advice(whole, script, keys)
                : kind == Kind.NEWER_LAYOUT
                        ? ". Nothing was written: a newer Hark has taken the queue over; upgrade this program"
                        : "";
        return new StoreException(kind, "Redis at " + server + " answers: " + text + advice, e);
    }

    /** The error itself, without what Redis 6.2 puts around it in a script. */
    static String unwrap(String text) {
        Matcher wrapped = WRAPPED.matcher(text);
        String inner = wrapped.matches() ? wrapped.group(1) : text;
        return inner.startsWith("-") ? inner.substring(1) : inner;
    }

    /** Whether what is looked for may be on another server by now. */
    public static boolean maybeElsewhere(StoreException e) {
        return e.transientFailure()
                && (!(e.getCause() instanceof JedisDataException)
                        || ELSEWHERE.stream().anyMatch(code -> is(e, code)));
    }

    /** Whether it took too long, and so may take as long again. */
    static boolean timedOut(StoreException e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Whether the answer starts with this code. */
    public static boolean is(StoreException e, String code) {
        return e.getCause() instanceof JedisDataException answer
                && unwrap(String.valueOf(answer.getMessage())).startsWith(code + " ");
    }

    /** The innermost reason: the client wraps what the system says, or adds it as suppressed, one for each address. */
    private static String reason(Throwable e) {
        String reason = e.getMessage();
        for (Throwable at = e; at != null; at = inner(at)) {
            if (at instanceof SSLException) {
                return "TLS: " + at.getMessage(); // what lies within means little to most
            }
            if (at instanceof UnknownHostException) { // whose message is no more than the name, as a rule
                return "its host is unknown, no address was found for the name (" + at.getMessage() + ")";
            }
            if (at.getMessage() != null) {
                reason = at.getMessage();
            }
        }
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private static @Nullable Throwable inner(Throwable e) {
        Throwable[] suppressed = e.getSuppressed();
        return e.getCause() == null && suppressed.length > 0 ? suppressed[0] : e.getCause();
    }
}
