package dev.hark.internal.engine.model;

import java.util.Comparator;

/** Ids of entries, {@code ms-seq}, as texts. */
final class EntryIds {

    static final String NONE = "0-0";

    static final Comparator<String> ORDER =
            Comparator.comparingLong(EntryIds::millis).thenComparingLong(EntryIds::sequence);

    private EntryIds() {}

    static long millis(String id) {
        return Long.parseLong(id.substring(0, id.indexOf('-')));
    }

    private static long sequence(String id) {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    static boolean below(String id, String other) {
        return ORDER.compare(id, other) < 0;
    }

    static String successor(String id) {
        return millis(id) + "-" + (sequence(id) + 1);
    }

    static String predecessor(String id) {
        return sequence(id) > 0
                ? millis(id) + "-" + (sequence(id) - 1)
                : millis(id) == 0 ? NONE : millis(id) - 1 + "-18446744073709551615";
    }
}
