package dev.hark.internal.memory;

import java.nio.charset.StandardCharsets;

/**
 * Patterns as Redis matches channels with them, byte by byte: {@code *} any bytes, {@code ?} one, {@code [abc]},
 * {@code [a-c]} and {@code [^a]} one of a set, and a backslash takes what follows as it stands.
 */
final class Glob {

    private static final int NO_MATCH = -1;

    private final byte[] pattern;

    Glob(String pattern) {
        this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
    }

    boolean matches(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        int from = 0;
        int star = NO_MATCH; // after the last * seen; it took all up to starFrom
        int starFrom = 0;
        while (from < bytes.length) {
            int next = at < pattern.length ? element(at, bytes[from]) : NO_MATCH;
            if (at < pattern.length && pattern[at] == '*') {
                star = ++at;
                starFrom = from;
            } else if (next != NO_MATCH) {
                at = next;
                from++;
            } else if (star != NO_MATCH) {
                at = star;
                from = ++starFrom;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at == pattern.length;
    }

    /** Where the pattern goes on after its element at a place, if that stands for this byte. */
    private int element(int at, byte is) {
        return switch (pattern[at]) {
            case '?' -> at + 1;
            case '[' -> set(at + 1, is);
            case '\\' -> literal(at + 1 < pattern.length ? at + 1 : at, is);
            default -> literal(at, is);
        };
    }

    private int literal(int at, byte is) {
        return pattern[at] == is ? at + 1 : NO_MATCH;
    }

    /** A set that is never closed ends with the pattern. */
    private int set(int from, byte is) {
        int at = from;
        boolean negated = at < pattern.length && pattern[at] == '^';
        if (negated) {
            at++;
        }
        boolean found = false;
        while (at < pattern.length && pattern[at] != ']') {
            if (pattern[at] == '\\' && at + 1 < pattern.length) {
                found |= pattern[at + 1] == is;
                at += 2;
            } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
                found |= between(pattern[at] & 0xff, is & 0xff, pattern[at + 2] & 0xff);
                at += 3;
            } else {
                found |= pattern[at] == is;
                at++;
            }
        }
        return found == negated ? NO_MATCH : Math.min(at + 1, pattern.length);
    }

    private static boolean between(int one, int is, int other) {
        return Math.min(one, other) <= is && is <= Math.max(one, other);
    }
}
