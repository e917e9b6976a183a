package dev.hark.proof;

import dev.hark.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A body. Its id comes from the publisher, so that who is who does not depend on Redis.
 *
 * @param delay how many milliseconds it was published to wait
 */
record Job(String id, Kind kind, long delay, String filler) {

    /** What its handler does. */
    enum Kind {
        PLAIN,

        /** Fails the first time. */
        UNLUCKY,

        /** Fails for good. */
        POISON,

        /** Takes longer than a lease. */
        SLOW,

        /** Does not end the first time, unless its worker is told to go on. */
        HANG,

        /** Waits the first time until its worker is told to go on. */
        HOLD,

        /** Ends its process when it is decoded. */
        CRASH,

        /** Computes the first time, longer than its listener allows. */
        ENDLESS,

        /** Is published to be on a replica, and otherwise plain. */
        REPLICATED,

        /** Nobody published it: the body of a stranger's entry, which fails for good. */
        HOSTILE;

        /** Whether it belongs among the dead letters at the end. */
        boolean dies() {
            return this == POISON || this == CRASH;
        }

        static Kind of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How many computations leave no processor free. */
    static final int CORES = Runtime.getRuntime().availableProcessors();

    /** How long what does not end by itself computes: a run must end. */
    static final Duration ENDLESS = Duration.ofSeconds(7);

    /** Computes, whatever it is told meanwhile. */
    void compute() {
        long until = System.nanoTime() + ENDLESS.toNanos();
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    /** Thrown by what is planned to fail. */
    static final class Planned extends Exception {
        private static final long serialVersionUID = 1L;

        Planned(Job job) {
            super("job " + job.id + " is " + job.kind.word());
        }
    }

    static Job read(byte[] body) {
        String[] words = new String(body, StandardCharsets.UTF_8).split(" ", 4);
        return new Job(words[0], Kind.of(words[1]), Long.parseLong(words[2]), words[3]);
    }

    /** Whether a publisher made it. */
    static boolean legible(byte[] body) {
        try {
            read(body);
            return true;
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    byte[] write() {
        return (id + " " + kind.word() + " " + delay + " " + filler).getBytes(StandardCharsets.UTF_8);
    }

    /** Reads and writes jobs; one that crashes ends the process. */
    static final class Bodies implements Codec<Job> {

        @Override
        public byte[] encode(Job body) {
            return body.write();
        }

        @Override
        public Job decode(byte[] bytes) {
            Job job = read(bytes);
            if (job.kind == Kind.CRASH) {
                Runtime.getRuntime().halt(3);
            }
            return job;
        }
    }
}
