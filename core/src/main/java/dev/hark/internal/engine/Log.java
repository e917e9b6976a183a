package dev.hark.internal.engine;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, and is the only one to. Ids, names, reasons and errors are text of strangers: whatever would begin another line, or
 * act on the terminal that shows the log, is escaped, so that nobody who may write to Redis writes lines of his own.
 */
public final class Log {

    private static final Pattern ACTS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private final Logger logger;

    private Log(Logger logger) {
        this.logger = logger;
    }

    /** The log of a class. */
    public static Log of(Class<?> owner) {
        return new Log(LoggerFactory.getLogger(owner));
    }

    /** Logs a message with {@code {}} for each fact; after these may come an error. */
    public void error(String what, @Nullable Object... facts) {
        if (logger.isErrorEnabled()) {
            logger.error(what, printable(facts));
        }
    }

    /** As {@link #error}. */
    public void warn(String what, @Nullable Object... facts) {
        if (logger.isWarnEnabled()) {
            logger.warn(what, printable(facts));
        }
    }

    /** As {@link #error}. */
    public void info(String what, @Nullable Object... facts) {
        if (logger.isInfoEnabled()) {
            logger.info(what, printable(facts));
        }
    }

    /** As {@link #error}. */
    public void debug(String what, @Nullable Object... facts) {
        if (logger.isDebugEnabled()) {
            logger.debug(what, printable(facts));
        }
    }

    private static @Nullable Object[] printable(@Nullable Object[] facts) {
        @Nullable Object[] printable = new @Nullable Object[facts.length];
        for (int i = 0; i < facts.length; i++) {
            printable[i] = facts[i] instanceof Throwable e ? Thrown.printable(e) : escape(String.valueOf(facts[i]));
        }
        return printable;
    }

    static boolean acts(String text) {
        return ACTS.matcher(text).find();
    }

    /** Escapes what is not just shown. */
    static String escape(String text) {
        return ACTS.matcher(text).replaceAll(match -> switch (match.group()) {
            case "\n" -> "\\\\n";
            case "\r" -> "\\\\r";
            case "\t" -> "\\\\t";
            default -> "\\\\u{" + Integer.toHexString(match.group().codePointAt(0)) + "}";
        });
    }
}
