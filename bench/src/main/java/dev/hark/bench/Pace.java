package dev.hark.bench;

import java.time.Duration;

/**
 * How long the phases last that take their time however fast the rest is.
 *
 * @param latency how long messages are published at a fixed rate
 * @param settle how long what starting costs is waited for before idling is measured
 * @param idle how long idling is measured
 */
record Pace(Duration latency, Duration settle, Duration idle) {

    /** For figures. */
    static final Pace STEADY = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(10));

    /** For a test of the harness. */
    static final Pace HASTY = new Pace(Duration.ofMillis(200), Duration.ofMillis(1), Duration.ofMillis(100));
}
