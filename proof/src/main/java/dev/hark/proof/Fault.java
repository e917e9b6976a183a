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

        /** Its heap was full for some seconds, and then free again. */
        HEAP_FULL(true),

        /** Redis lost what it had not yet synced: from is the time up to which all is kept. */
        POWER_LOST(true),

        /** Its connections were cut. */
        CONNECTIONS_CUT(false),

        /** What it sent and got came late, or byte by byte. */
        SLOWED(false),

        /** Redis ended by SIGKILL and was started again, with everything that it had acknowledged. */
        REDIS_KILLED(false),

        /** The clock that scripts see was stepped, forward or back. */
        CLOCK_STEPPED(false),

        /** As many handlers as there are processors computed without an end, and as much in a publisher. */
        ENDLESS(false),

        /** Messages were published to be on a replica, and there was none. */
        UNREPLICATED(false),

        /** Strangers added entries of all kinds. */
        HOSTILE(false),

        /** Redis closed the connections that were idle for a second. */
        IDLE_CLOSED(false);

        private final boolean explains;

        Kind(boolean explains) {
            this.explains = explains;
        }

        boolean explains() {
            return explains;
        }

        /** Whether a publisher that it hits may have to wait for an answer. */
        boolean delays() {
            return switch (this) {
                case KILLED,
                        CRASHED,
                        PAUSED,
                        CUT_OFF,
                        STARVED,
                        HEAP_FULL,
                        POWER_LOST,
                        CONNECTIONS_CUT,
                        SLOWED,
                        REDIS_KILLED -> true;
                case CLOCK_STEPPED, ENDLESS, UNREPLICATED, HOSTILE, IDLE_CLOSED -> false;
            };
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
