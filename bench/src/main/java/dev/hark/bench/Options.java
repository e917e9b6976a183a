package dev.hark.bench;

/**
 * What is measured.
 *
 * @param messages how many messages the bulk phases move
 * @param payload how many bytes a body has, about
 * @param concurrency how many messages are handled at once
 * @param floor whether the bare client is measured too, in turns
 * @param rounds how often each phase is measured after warming up; the median counts
 */
public record Options(int messages, int payload, int concurrency, boolean floor, int rounds) {

    /** Checks the values. */
    public Options {
        if (messages < 1_000) {
            throw new IllegalArgumentException("messages " + messages + " is not allowed: at least 1000");
        }
        if (payload < 32 || payload > 1 << 20) {
            throw new IllegalArgumentException("payload " + payload + " is not allowed: 32 to 1048576 bytes");
        }
        if (concurrency < 1 || rounds < 1) {
            throw new IllegalArgumentException("concurrency and rounds must be at least 1");
        }
    }
}
