package dev.hark.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long users stood still, one figure for each change. */
final class Stalls {

    private final String what;
    private final List<Long> nanos = new ArrayList<>();

    Stalls(String what) {
        this.what = what;
    }

    void add(long stall) {
        nanos.add(stall);
    }

    @Override
    public String toString() {
        if (nanos.isEmpty()) {
            return what + ": none";
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%s: %d times, p50 %.0f ms, p99 %.0f ms, max %.0f ms",
                what,
                sorted.size(),
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 1));
    }

    /** The nearest rank. */
    private static double at(List<Long> sorted, double quantile) {
        return sorted.get((int) Math.ceil(quantile * sorted.size()) - 1) / 1e6;
    }
}
