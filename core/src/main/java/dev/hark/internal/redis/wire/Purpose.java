package dev.hark.internal.redis.wire;

import java.time.Duration;

/**
 * What connections are lent for. Each purpose has a bounded number of its own to each server, so that what holds them for
 * long, for a replica that never comes perhaps, keeps nobody else waiting.
 */
public enum Purpose {
    PUBLISHING("publishing", 16, Duration.ofSeconds(5)),

    /** What is published waits there for replicas or a disk, up to {@link dev.hark.internal.engine.PublishStore#DURABLE_WITHIN}. */
    DURABLE("publishing what waits for replicas or a disk", 32, Duration.ofSeconds(10)),

    SETTLING("settling and promoting", 16, Duration.ofSeconds(5)),

    CHANNELS("publishing to channels", 8, Duration.ofSeconds(5)),

    LOOKING("looking at queues and mending them", 8, Duration.ofSeconds(5));

    private final String words;
    private final int most;
    private final Duration patience;

    Purpose(String words, int most, Duration patience) {
        this.words = words;
        this.most = most;
        this.patience = patience;
    }

    /** As in "connections for publishing". */
    String words() {
        return words;
    }

    /** How many are lent at once. */
    int most() {
        return most;
    }

    /** How long whoever wants one waits for it. */
    Duration patience() {
        return patience;
    }
}
