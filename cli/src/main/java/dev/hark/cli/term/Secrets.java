package dev.hark.cli.term;

import java.util.regex.Pattern;

/** Keeps passwords of URLs from being shown. */
public final class Secrets {

    /** Up to the last @, since a password that was not encoded may hold some; but our own advice holds no password. */
    private static final Pattern USER_INFO =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)(?!\\[?user:password@]?host)\\S*@");

    private static final Pattern ALL_BEFORE_HOST = Pattern.compile("(?s)^((?:[A-Za-z][A-Za-z0-9+.-]*://)?).*@");

    private Secrets() {}

    /** Masks user and password of each URL in a text. */
    public static String mask(String text) {
        return USER_INFO.matcher(text).replaceAll("$1***@");
    }

    /** Masks all that stands before the host, in something that was meant to be a URL. */
    static String maskUrl(String url) {
        return ALL_BEFORE_HOST.matcher(url).replaceAll("$1***@");
    }
}
