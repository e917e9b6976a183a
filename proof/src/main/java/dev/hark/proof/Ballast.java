package dev.hark.proof;

import java.time.Duration;

/**
 * Fills the heap of this process for a while, and frees it again. While it is full nothing may be allocated here, so that
 * the end comes by itself.
 */
final class Ballast {

    private static final int MOST = 1 << 16;
    private static final int LARGEST = 1 << 20;
    private static final int SMALLEST = 1 << 4;

    private Ballast() {}

    /** Fills it in a thread of its own; says {@code full} and {@code free} when it is. */
    static void fill(Duration lasting) {
        Thread.ofPlatform().daemon().name("ballast").start(() -> {
            long rounds = hold(System.nanoTime() + lasting.toNanos());
            if (rounds > 0) {
                System.out.println("full");
            }
            System.out.println("free");
        });
    }

    /** How often all was taken that there was. */
    private static long hold(long until) {
        byte[][] taken = new byte[MOST][];
        int count = 0;
        long rounds = 0;
        while (System.nanoTime() - until < 0) {
            int size = LARGEST;
            while (size >= SMALLEST && count < MOST) {
                try {
                    taken[count] = new byte[size];
                    count++;
                } catch (OutOfMemoryError e) {
                    size >>= 2;
                }
            }
            rounds++; // what others free meanwhile is taken next
        }
        return rounds;
    }
}
