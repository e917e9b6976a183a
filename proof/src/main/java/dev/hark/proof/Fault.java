package dev.hark.proof;

import java.util.Locale;

/**
 * Something that was done to a run, or happened to it.
 *
 * @param target the name of a process, or {@link #ALL}
 * @param from when it began at the earliest, in ms since 1970
 * @param to when it was over at the latest
 */
record Fault(Kind kind, String target, long from, long to) {

    static final String ALL = "*";

    /** What kinds there are; those that explain a second delivery, and those that must not make one. */
    enum Kind {
        /** SIGKILL. */
        KILLED(true),

        /** The process ended by itself, as a handler made it. */
        CRASHED(true),

        /** SIGSTOP, then SIGCONT. */
        PAUSED(true),

        /** Its connections were held half-open. */
        CUT_OFF(true),

        /** The machine did not let it run. */
        STARVED(true),

        /** Redis lost what it had not yet synced: from is the time up to which all is kept. */
        POWER_LOST(true),

        /** Its connections were cut. */
        CONNECTIONS_CUT(false),

        /** What it sent and got came late, or byte by byte. */
        SLOWED(false),

        /** Redis ended by SIGKILL and was started again, with everything that it had acknowledged. */
        REDIS_KILLED(false);

        private final boolean explains;

        Kind(boolean explains) {
            this.explains = explains;
        }

        boolean explains() {
            return explains;
        }

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    boolean hits(String process) {
        return target.equals(process) || target.equals(ALL);
    }

    boolean overlaps(long begin, long end) {
        return from <= end && to >= begin;
    }
}
