package dev.hark.internal.engine.model;

import static dev.hark.internal.engine.model.Place.DEAD;
import static dev.hark.internal.engine.model.Place.GONE;
import static dev.hark.internal.engine.model.Place.IN_FLIGHT;
import static dev.hark.internal.engine.model.Place.LATER;
import static dev.hark.internal.engine.model.Place.UNPUBLISHED;
import static dev.hark.internal.engine.model.Place.WAITING;

import java.util.List;

/** The legal transitions of a message: the table of ARCHITECTURE.md, row by row. */
enum Move {
    PUBLISH(UNPUBLISHED, WAITING, "published", "`publish.lua`", Count.ZERO, Count.ZERO, "published"),
    PUBLISH_LATER(
            UNPUBLISHED,
            LATER,
            "published with a due time ahead",
            "`publish.lua`",
            Count.ZERO,
            Count.ZERO,
            "published",
            "delayed"),
    ADD(UNPUBLISHED, WAITING, "added by another program", "`XADD`", Count.SAME, Count.SAME),
    CLAIM(WAITING, IN_FLIGHT, "claimed", "`XREADGROUP`, `claim.lua`", Count.SAME, Count.SAME),
    FINISH(IN_FLIGHT, Place.DONE, "done", "`settle.lua`", Count.SAME, Count.SAME, "done", "listed"),
    RETRY(IN_FLIGHT, WAITING, "retry at once", "`settle.lua`", Count.UP, Count.SAME, "retried", "listed"),
    RETRY_LATER(IN_FLIGHT, LATER, "retry after a delay", "`settle.lua`", Count.UP, Count.SAME, "retried", "listed"),
    GIVE_BACK(
            IN_FLIGHT,
            WAITING,
            "release; snooze or park without delay",
            "`settle.lua`",
            Count.SAME,
            Count.SAME,
            "listed"),
    PUT_OFF(IN_FLIGHT, LATER, "snooze or park with a delay", "`settle.lua`", Count.SAME, Count.SAME, "listed"),
    BURY(IN_FLIGHT, DEAD, "bury", "`settle.lua`", Count.UP, Count.SAME, "listed"),
    BURY_UNBURNT(IN_FLIGHT, DEAD, "bury, with no attempt made", "`settle.lua`", Count.SAME, Count.SAME, "listed"),
    LOSE(IN_FLIGHT, WAITING, "lost with its claim's reply", "`settle.lua`", Count.SAME, Count.SAME, "listed"),
    LOSE_AGAIN(
            IN_FLIGHT,
            WAITING,
            "lost with its claim's reply, as the last time",
            "`settle.lua`",
            Count.UP,
            Count.SAME,
            "retried",
            "listed"),
    LOSE_AT_LAST(
            IN_FLIGHT,
            DEAD,
            "lost with its claim's reply, as the last time, and its attempts are used up",
            "`settle.lua`",
            Count.UP,
            Count.SAME,
            "listed"),
    RECOVER(IN_FLIGHT, WAITING, "its session was lost", "`takeover.lua`", Count.UP, Count.UP, "recovered", "listed"),
    CLOSE(IN_FLIGHT, WAITING, "its session was closed", "`takeover.lua`", Count.UP, Count.SAME, "recovered", "listed"),
    PROMOTE(LATER, WAITING, "due", "`promote.lua`", Count.SAME, Count.SAME),
    REVIVE(DEAD, WAITING, "revived by hand", "`revive.lua`", Count.ZERO, Count.ZERO),
    DISCARD(DEAD, GONE, "discarded by hand", "`discard.lua`", Count.SAME, Count.SAME, "deleted"),
    MAKE_ROOM(WAITING, GONE, "dropped to make room", "`publish.lua`", Count.SAME, Count.SAME, "dropped"),
    MAKE_ROOM_LATER(LATER, GONE, "dropped to make room", "`publish.lua`", Count.SAME, Count.SAME, "dropped"),

    // what other hands have done
    HAND_OUT_AGAIN(IN_FLIGHT, WAITING, "the group was lost", "`open.lua`", Count.SAME, Count.SAME),
    COPY(
            Place.DONE,
            WAITING,
            "the group was lost: a copy of an entry that was settled and not yet trimmed",
            "`open.lua`",
            Count.SAME,
            Count.SAME,
            "copies"),
    COME_BACK(
            GONE,
            WAITING,
            "its consumer was deleted, and then the group was lost",
            "`open.lua`",
            Count.SAME,
            Count.SAME),
    MAKE_ROOM_IN_FLIGHT(
            IN_FLIGHT,
            GONE,
            "the group was lost: dropped to make room",
            "`publish.lua`",
            Count.SAME,
            Count.SAME,
            "dropped"),
    MAKE_ROOM_COPY(
            Place.DONE,
            GONE,
            "the group was lost: a copy as above, dropped to make room",
            "`publish.lua`",
            Count.SAME,
            Count.SAME,
            "dropped"),
    REMOVE(WAITING, GONE, "its entry was deleted", "`XDEL`, `XTRIM`, `DEL`", Count.SAME, Count.SAME),
    DROP(
            IN_FLIGHT,
            GONE,
            "its consumer or the stream was deleted; or its entry, and the group was lost",
            "`XGROUP`, `DEL`, `XDEL`, `XTRIM`",
            Count.SAME,
            Count.SAME),
    SETTLE_DELETED(
            IN_FLIGHT,
            GONE,
            "its entry was deleted: any outcome but done",
            "`settle.lua`",
            Count.SAME,
            Count.SAME,
            "deleted"),
    RECOVER_DELETED(
            IN_FLIGHT,
            GONE,
            "its entry was deleted: its session was lost or closed",
            "`takeover.lua`",
            Count.SAME,
            Count.SAME,
            "recovered",
            "deleted"),
    PROMOTE_DELETED(
            LATER, GONE, "its entry in `held` was deleted: due", "`promote.lua`", Count.SAME, Count.SAME, "deleted"),
    FORGE(UNPUBLISHED, LATER, "put there by another program", "`HSET`, `ZADD`", Count.SAME, Count.SAME),
    SET_ASIDE(
            LATER,
            DEAD,
            "its entry in `held` cannot be read: due",
            "`promote.lua`",
            Count.SAME,
            Count.SAME,
            "published");

    /** What a move does to a number of the message. */
    enum Count {
        SAME(""),
        ZERO("0"),
        UP("+1");

        private static final int MOST = 999_999_999; // more digits are no envelope

        private final String sign;

        Count(String sign) {
            this.sign = sign;
        }

        int of(int before) {
            return switch (this) {
                case SAME -> before;
                case ZERO -> 0;
                case UP -> Math.min(MOST, before + 1);
            };
        }
    }

    final Place from;
    final Place to;
    private final String when;
    private final String by;
    final Count attempts;
    final Count recoveries;
    private final String counters;

    Move(Place from, Place to, String when, String by, Count attempts, Count recoveries, String... counters) {
        this.from = from;
        this.to = to;
        this.when = when;
        this.by = by;
        this.attempts = attempts;
        this.recoveries = recoveries;
        this.counters = String.join(" ", counters);
    }

    /** The counters that it raises by 1. */
    List<String> counters() {
        return counters.isEmpty() ? List.of() : List.of(counters.split(" "));
    }

    /** An attempt that is counted is noted, and one that never began: there is no other way into the ledger. */
    boolean noted() {
        return attempts == Count.UP || this == LOSE;
    }

    /** Whether a script makes it, which the name of the transition in {@link Step.Kind} names. */
    boolean by(String script) {
        return by.contains("`" + script + "`");
    }

    /** Whether it takes somebody who does what nobody should. */
    boolean meddled() {
        return compareTo(HAND_OUT_AGAIN) >= 0;
    }

    /** As a row of the table. */
    String row() {
        List<String> cells = List.of(
                from.word(),
                to.word(),
                when,
                by,
                attempts.sign,
                recoveries.sign,
                noted() ? "a line" : "",
                String.join(", ", counters().stream().map(c -> "`" + c + "`").toList()));
        return "|"
                + String.join(
                        "|",
                        cells.stream()
                                .map(c -> c.isEmpty() ? " " : " " + c + " ")
                                .toList()) + "|";
    }
}
