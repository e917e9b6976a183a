package dev.hark.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One figure over time. It is flat when the median of its last quarter is at most a fifth, and a little, above that of
 * its second quarter: the first is warming up, and medians leave out what is under way by chance.
 */
final class Series {

    private final String name;
    private final double slack;
    private final List<Double> values = new ArrayList<>();

    Series(String name, double slack) {
        this.name = name;
        this.slack = slack;
    }

    void add(double value) {
        values.add(value);
    }

    boolean flat() {
        return median(4) <= 1.2 * median(2) + slack;
    }

    /** The median of a quarter, from 1. */
    private double median(int quarter) {
        int size = values.size();
        List<Double> sorted = values.subList(size * (quarter - 1) / 4, size * quarter / 4).stream()
                .sorted()
                .toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    double last() {
        return values.get(values.size() - 1);
    }

    @Override
    public String toString() {
        double most = values.stream().mapToDouble(value -> value).max().orElse(Double.NaN);
        return String.format(
                Locale.ROOT,
                "%-20s median of each quarter %8.1f %8.1f %8.1f %8.1f, most %8.1f of %d",
                name,
                median(1),
                median(2),
                median(3),
                median(4),
                most,
                values.size());
    }
}
