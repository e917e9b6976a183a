package dev.hark.internal.engine;

import dev.hark.internal.engine.message.Ledger;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what others have thrown. An exception is code of a stranger: its {@code getMessage()} may throw, return null, or
 * megabytes, and whoever reports a failure would fail himself. Nothing here throws but for want of memory.
 */
public final class Thrown {

    /** No message is told at greater length. */
    static final int MAX_MESSAGE = 16 << 10;

    /** What a person reads of one: the reason stands at its beginning, and a parser adds the way to it. */
    private static final int MAX_BRIEF = 500;

    /** No exception is told with more causes, suppressed ones counted too. */
    private static final int MAX_CAUSES = 100;

    /** Whether what its stack trace and its causes are is its own code as well. */
    private static final ClassValue<Boolean> OWN_TRACE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                Method trace = type.getMethod("getStackTrace");
                return trace.getDeclaringClass() != Throwable.class;
            } catch (ReflectiveOperationException | LinkageError e) {
                return true;
            }
        }
    };

    /** Stands for what cannot be told, or printed, as it is. */
    private static final class Untellable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Untellable(String message, @Nullable Throwable cause, StackTraceElement @Nullable [] trace) {
            super(message, cause, true, trace != null);
            if (trace != null) {
                setStackTrace(trace);
            }
        }
    }

    private Thrown() {}

    /** Its class and its message, if it has one. */
    public static String describe(Throwable e) {
        String name = e.getClass().getName();
        try {
            String message = e.getMessage();
            return message == null ? name : name + ": " + shorten(message);
        } catch (Throwable worse) { // whatever it is, it must not take the place of what is described
            return name + ", whose getMessage() threw " + worse.getClass().getName();
        }
    }

    /** Its message; or what it is, if it has none. */
    public static String message(Throwable e) {
        try {
            String message = e.getMessage();
            return message == null ? e.getClass().getName() : shorten(message);
        } catch (Throwable worse) { // as above
            return describe(e);
        }
    }

    /** The beginning of its message. */
    public static String brief(Throwable e) {
        return Ledger.shorten(message(e), MAX_BRIEF);
    }

    /**
     * What can be given to strangers who log it: the very same, as a rule. In place of one that does not answer when it is
     * asked for its message, its text, its stack trace, or its causes, or that tells too much, another that says so.
     */
    public static Throwable tellable(Throwable e) {
        try {
            return answers(e) ? e : new Untellable(describe(e), null, trace(e));
        } catch (Throwable worse) { // as above
            return new Untellable(describe(e), null, null);
        }
    }

    /** What can be printed, line by line: the very same, unless a message in it would begin lines of its own. */
    static Throwable printable(Throwable e) {
        Throwable tellable = tellable(e);
        return acts(tellable, identities()) ? copy(tellable, identities()) : tellable;
    }

    private static boolean acts(Throwable first, Set<Throwable> seen) {
        for (Throwable e = first; e != null && seen.add(e); e = e.getCause()) {
            if (Log.acts(e.toString())) {
                return true;
            }
            for (Throwable suppressed : e.getSuppressed()) {
                if (acts(suppressed, seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Throwable copy(Throwable e, Set<Throwable> above) {
        above.add(e);
        Throwable cause = e.getCause();
        Throwable copy = new Untellable(
                Log.escape(describe(e)), cause == null || above.contains(cause) ? null : copy(cause, above), trace(e));
        for (Throwable suppressed : e.getSuppressed()) {
            if (!above.contains(suppressed)) {
                copy.addSuppressed(copy(suppressed, above));
            }
        }
        return copy;
    }

    private static Set<Throwable> identities() {
        return Collections.newSetFromMap(new IdentityHashMap<>(4));
    }

    private static boolean answers(Throwable e) {
        return answers(e, identities());
    }

    private static boolean answers(Throwable first, Set<Throwable> seen) {
        for (Throwable e = first; e != null && seen.add(e); e = e.getCause()) {
            if (seen.size() > MAX_CAUSES
                    || tooMuch(e.getMessage())
                    || tooMuch(e.getLocalizedMessage())
                    || e.toString() == null
                    || tooMuch(e.toString())
                    || (OWN_TRACE.get(e.getClass()) && trace(e) == null)) {
                return false;
            }
            for (Throwable suppressed : e.getSuppressed()) {
                if (!answers(suppressed, seen)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean tooMuch(@Nullable String text) {
        return text != null && text.length() > 2 * MAX_MESSAGE;
    }

    private static StackTraceElement @Nullable [] trace(Throwable e) {
        try {
            StackTraceElement[] trace = e.getStackTrace();
            for (StackTraceElement element : trace) {
                if (element == null) {
                    return null;
                }
            }
            return trace;
        } catch (Throwable worse) { // it has none to show
            return null;
        }
    }

    private static String shorten(String message) {
        return Ledger.shorten(message, MAX_MESSAGE);
    }
}
