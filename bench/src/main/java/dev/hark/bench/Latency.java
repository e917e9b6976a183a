package dev.hark.bench;

import java.util.Arrays;

/**
 * How long messages took from the time they were due to be published to their handler, in milliseconds.
 *
 * @param p50 half of them took no longer
 * @param p99 99 in a hundred took no longer
 * @param p999 999 in a thousand took no longer
 */
record Latency(double p50, double p99, double p999) {

    static Latency of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latency(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999));
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length))] / 1e6;
    }
}
